package reports

import (
	"fmt"
	"iter"
	"time"
)

// The fictional data of these tests. Everything in it follows from the number of a call.
var (
	sampleCustomers = []string{
		"Acme Foods", "Łódź Tekstylia Sp. z o.o.", "Καφενείο Ωρίων", "Công ty Nước Sạch Đồng Nai",
		"Хлебозавод № 7", "Müller & Söhne Druckmaschinen", "Nordlys Bageri ApS", "Harbour View Hotel and Conference Centre",
	}
	sampleSites     = []string{"Head office", "Hala 3", "Warehouse", "Reception"}
	sampleMachines  = []string{"Copier MX-4071 · SN 77812", "Oven RX 200 · SN A-1190", "Filter press FP-12 · SN 0031", "Label printer Zeta 9"}
	sampleSummaries = []string{
		"Copier jams on tray 2",
		"Nie drukuje dwustronnie, błąd E-204 po każdej drugiej stronie; klient prosi o szybki przyjazd",
		"Máy lọc nước bị rò rỉ ở van xả, khách hàng đã khóa nước",
		"Печь не выходит на температуру, держится около 140 °C",
		"Διαρροή λαδιού στην αντλία",
		"Display stays dark after the power cut on Monday; fuse was checked by the caretaker, the second machine beside it works. Please bring a spare power supply, the door code is with reception.",
		"Strange noise",
	}
	sampleTechnicians = []string{"Maria Kowalska", "Nguyễn Thị Hồng", "Jonas Berg", "Γιώργος Παππάς", "Olena Шевченко", "Sam Okafor"}
	samplePriorities  = []string{"urgent", "high", "normal", "low"}
	sampleStart       = time.Date(2026, 1, 1, 7, 0, 0, 0, time.UTC)
)

// sampleCalls yields n calls spread over half a year.
func sampleCalls(n int) iter.Seq2[CallRow, error] {
	return func(yield func(CallRow, error) bool) {
		for i := range n {
			if !yield(sampleCall(i, n), nil) {
				return
			}
		}
	}
}

func sampleCall(i, n int) CallRow {
	opened := sampleStart.Add(time.Duration(float64(i) / float64(n) * float64(180*24*time.Hour)).Round(time.Minute))
	accepted := opened.Add(time.Duration(i%50+1) * time.Minute)
	closed := opened.Add(time.Duration(i%60+1) * 47 * time.Minute)
	row := CallRow{
		Number: int64(i + 1), OpenedAt: opened, AcceptedAt: &accepted, ClosedAt: &closed, Status: "closed",
		Priority: samplePriorities[i%len(samplePriorities)], Customer: sampleCustomers[i*5%len(sampleCustomers)],
		Site: sampleSites[i%len(sampleSites)], Equipment: sampleMachines[i*3%len(sampleMachines)],
		Technician: sampleTechnicians[i*i%len(sampleTechnicians)], Summary: sampleSummaries[i%len(sampleSummaries)],
		Resolution: "Replaced the roller",
	}
	if i%9 == 4 {
		row.Status, row.Progress, row.ClosedAt, row.Resolution = "pending", "accepted", nil, ""
	}
	return row
}

// sampleInput is a whole report about n calls, with totals that agree with its rows.
func sampleInput(n int) CallsInput {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	to := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	totals := CallTotals{Unit: UnitFor(from, to)}
	totals.PerPeriod = Buckets(totals.Unit, from, to)
	technicians, priorities := map[string]int{}, map[string]int{}
	var accept, closing []time.Duration
	for i := range n {
		row := sampleCall(i, n)
		totals.Opened++
		technicians[row.Technician]++
		priorities[row.Priority]++
		FindBucket(totals.PerPeriod, totals.Unit, row.OpenedAt).Opened++
		accept = append(accept, row.AcceptedAt.Sub(row.OpenedAt))
		if row.ClosedAt == nil {
			totals.Pending++
			continue
		}
		totals.Closed++
		closing = append(closing, row.ClosedAt.Sub(row.OpenedAt))
		if b := FindBucket(totals.PerPeriod, totals.Unit, *row.ClosedAt); b != nil {
			b.Closed++
		}
	}
	for _, name := range sampleTechnicians {
		totals.ByTechnician = append(totals.ByTechnician, Count{name, technicians[name]})
	}
	for _, name := range samplePriorities {
		totals.ByPriority = append(totals.ByPriority, Count{name, priorities[name]})
	}
	totals.MedianAccept, totals.MedianClose = Median(accept), Median(closing)
	return CallsInput{
		Company: "Brightwater Machines", From: from, To: to, MadeAt: time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC),
		Filters: []Filter{{"Status", "any"}, {"Territory", "North"}}, Totals: totals,
		Rows: sampleCalls(n), RowCount: n,
	}
}

// rowsOf yields fixed rows.
func rowsOf(rows ...[]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// languages are greetings in many scripts, for tests of letters.
var languages = []string{
	"Dzień dobry, zażółć gęślą jaźń", "Xin chào, máy đã hỏng rồi ạ", "Καλημέρα, το μηχάνημα χάλασε",
	"Здравствуйте, станок сломался", "您好，机器坏了，请派人来修理", "こんにちは、機械が壊れました", "안녕하세요, 기계가 고장났습니다",
	"مرحبا، الآلة معطلة منذ 3 أيام (الطابق الثاني)", "שלום, המכונה התקלקלה לפני 3 ימים (קומה 2)", "สวัสดีครับ เครื่องเสียแล้ว",
	"नमस्ते, मशीन खराब है", "გამარჯობა, მანქანა გაფუჭდა", "Բարեւ, մեքենան փչացել է", "Machine 🔥 broken 👩‍🔧👍🏽 — help! 𝔘",
	"a\u0301e\u0308 decomposed, tab\there, nul\x00bell\x07, bad \xff\xfe utf-8", "→ ✓ ✗ ☎ € ₽ ₫ ½ ² № “quotes” ‘x’ … •",
}

func languageRows() iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for i, text := range languages {
			if !yield([]string{fmt.Sprint(i + 1), text, text}, nil) {
				return
			}
		}
	}
}
