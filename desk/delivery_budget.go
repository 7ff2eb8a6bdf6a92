package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// maxBudget is the most segments a month that an admin may allow: more than any company of this size sends.
const maxBudget = 1_000_000

// budgetWarns is the share of the month's texts, in percent, from which the admins are told.
const budgetWarns = 80

// Budget is what texts may cost in a month, and what they did, in segments. Month is its first moment, where the company is.
type Budget struct {
	Month time.Time
	Spent int64
	Most  int64 // 0 is no limit
}

// Share is how much of the budget is spent, in percent; 0 without one.
func (b Budget) Share() int64 {
	if b.Most == 0 {
		return 0
	}
	return b.Spent * 100 / b.Most
}

// parseBudget reads how many segments a month an admin allows; empty is no limit.
func parseBudget(typed string) (int64, error) {
	if typed = strings.NewReplacer(",", "", " ", "", "'", "").Replace(strings.TrimSpace(typed)); typed == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || n < 1 || n > maxBudget {
		return 0, refuse(Invalid, "“%s” is not a number of texts. Write one from 1 to %d, or leave it empty for no limit.", shorten(typed, 20), maxBudget)
	}
	return n, nil
}

// Budget returns what the texts of this month cost.
func (d *Desk) Budget(ctx context.Context) (Budget, error) {
	settings, err := d.Settings(ctx)
	if err != nil {
		return Budget{}, err
	}
	most, err := parseBudget(settings.SMSBudget)
	if err != nil {
		return Budget{}, err
	}
	local := d.Now().In(d.Zone)
	b := Budget{Month: time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, d.Zone), Most: most}
	b.Spent, err = d.q.SumSegments(ctx, store.SumSegmentsParams{Since: b.Month, Until: b.Month.AddDate(0, 1, 0)})
	if err != nil {
		return b, fmt.Errorf("count the month's texts: %w", err)
	}
	return b, nil
}

// budgetFresh is how long the count of the month's texts is not read again: a text or two more do not matter.
const budgetFresh = 15 * time.Second

// spending remembers what the month's texts cost, so that not every text counts them.
type spending struct {
	mu     sync.Mutex
	budget Budget
	at     time.Time
}

// textsUsedUp reports whether the month's texts are spent. Without a budget nothing is read.
func (d *Desk) textsUsedUp(ctx context.Context) (bool, error) {
	settings, err := d.Settings(ctx)
	if err != nil || settings.SMSBudget == "" {
		return false, err
	}
	d.spending.mu.Lock()
	defer d.spending.mu.Unlock()
	if age := d.Now().Sub(d.spending.at); d.spending.at.IsZero() || age < 0 || age >= budgetFresh {
		b, err := d.Budget(ctx)
		if err != nil {
			return false, err
		}
		d.spending.budget, d.spending.at = b, d.Now()
	}
	return d.spending.budget.Share() >= 100, nil
}

// divert sends a text that can wait another way when the month's texts are used up. Who has no other way is texted all the same:
// nobody misses a call for want of a few texts.
func (d *Desk) divert(ctx context.Context, row store.TakeNoticeRow) (bool, error) {
	n := row.Notice
	if n.MemberID == nil || n.Kind == noticeDrill || row.Urgent || row.AskedBefore != nil {
		return false, nil // a customer's, one that tries this very phone, or one that the provider may have
	}
	over, err := d.textsUsedUp(ctx)
	if err != nil || !over {
		return false, err
	}
	diverted := false
	err = d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		diverted = false
		methods, err := d.untried(ctx, q, n)
		if err != nil {
			return err
		}
		var other []store.ContactMethod
		for _, m := range methods {
			if m.Channel != "sms" {
				other = append(other, m)
			}
		}
		if len(other) == 0 {
			return nil
		}
		diverted = true
		if err := q.DivertNotice(ctx, store.DivertNoticeParams{ID: n.ID, Why: "the month's texts are used up"}); err != nil {
			return err
		}
		return d.again(ctx, tx, q, n, other[:1])
	})
	if err != nil {
		return false, fmt.Errorf("divert notice %d: %w", n.ID, err)
	}
	return diverted, nil
}

// watchBudget tells the admins once a month that the month's texts run out, and once that they did.
func (d *Desk) watchBudget(ctx context.Context) error {
	settings, err := d.Settings(ctx)
	if err != nil || settings.SMSBudget == "" {
		return err
	}
	b, err := d.Budget(ctx)
	if err != nil || b.Share() < budgetWarns {
		return err
	}
	mark, text := "80", fmt.Sprintf("%d of %d text segments of %s are used. At %d, what is not urgent goes out by chat and e-mail instead; "+
		"/callout settings changes the number.", b.Spent, b.Most, b.Month.Format("January"), b.Most)
	if b.Share() >= 100 {
		mark, text = "100", fmt.Sprintf("The %d text segments of %s are used up. Until the month ends, what is not urgent goes out by chat and e-mail, "+
			"and by text only to who has no other way; /callout settings changes the number.", b.Most, b.Month.Format("January"))
	}
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		// A new number is told of anew.
		rows, err := q.Remind(ctx, store.RemindParams{
			Kind: "sms_budget", RecordID: b.Most, Mark: b.Month.Format("2006-01 ") + mark, At: d.Now(),
		})
		if err != nil || rows == 0 {
			return err
		}
		return d.tellAll(ctx, tx, q, Admin, owed{kind: noticeProblem, body: NoticeBody{Text: text}})
	})
}
