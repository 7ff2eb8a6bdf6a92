package desk

import (
	"sync"
	"time"

	"github.com/riverqueue/river"
)

// The jobs that the desk leaves for package jobs. Each re-reads the state and does nothing when it has moved on, so that a
// job worked twice does no harm.

// jobTries is how often a job is tried: at most ten minutes apart, that is two days. A provider may be away for a night.
const jobTries = 300

// jobArgs is a job that says itself how urgent it is.
type jobArgs interface {
	river.JobArgs
	InsertOpts() river.InsertOpts
}

// wakeEvery is how often the workers are told at most that there are jobs: sooner makes commits wait for each other, and a
// message waits for it, or for the next time the workers look by themselves.
const wakeEvery = 5 * time.Millisecond

// waker remembers when the workers were last told.
type waker struct {
	mu sync.Mutex
	at time.Time
}

// due reports whether it is time to tell them again.
func (w *waker) due() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now() //nolint:forbidigo // real time that passes, whatever day the business has
	if now.Sub(w.at) < wakeEvery {
		return false
	}
	w.at = now
	return true
}

// AssignArgs asks to find a technician for a call. Whom somebody chose is in the call itself.
type AssignArgs struct {
	CallID int64 `json:"call_id"`
}

// Kind names the job in the queue.
func (AssignArgs) Kind() string { return "assign" }

// InsertOpts puts finding somebody before drawing cards.
func (AssignArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Priority: 1, MaxAttempts: jobTries}
}

// StepArgs asks to take a step about a call whose time has come: to ask on another channel, to tell somebody.
type StepArgs struct {
	StepID int64 `json:"step_id"`
	CallID int64 `json:"call_id"`
}

// Kind names the job in the queue.
func (StepArgs) Kind() string { return "step" }

// InsertOpts puts steps with the messages they send. A tick that comes before the step is taken leaves no second job.
func (StepArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Priority: 1, MaxAttempts: jobTries, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// CardArgs asks to make the card and thread of a record show what the database says.
type CardArgs struct {
	Record   string `json:"record"`
	RecordID int64  `json:"record_id"`
}

// Of is the record.
func (a CardArgs) Of() Record { return Record{Kind: a.Record, ID: a.RecordID} }

// cardOf asks for the card of a call.
func cardOf(callID int64) CardArgs { return CardArgs{Record: CallRecord, RecordID: callID} }

// Kind names the job in the queue.
func (CardArgs) Kind() string { return "card" }

// InsertOpts lets messages to people go first.
func (CardArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Priority: 2, MaxAttempts: jobTries}
}

// NoticeArgs asks to send one notice.
type NoticeArgs struct {
	NoticeID int64 `json:"notice_id"`
}

// Kind names the job in the queue.
func (NoticeArgs) Kind() string { return "notice" }

// InsertOpts gives notices the highest priority.
func (NoticeArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Priority: 1, MaxAttempts: jobTries}
}

// ReportArgs asks to make and send the report that a notice carries.
type ReportArgs struct {
	NoticeID int64 `json:"notice_id"`
}

// Kind names the job in the queue.
func (ReportArgs) Kind() string { return "report" }

// ReportQueue is a queue of its own, so that large reports never hold messages up.
const ReportQueue = "reports"

// InsertOpts keeps reports out of the way of messages.
func (ReportArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: ReportQueue, MaxAttempts: jobTries}
}

// ReceiptArgs asks to look again for the message that a delivery report is about: reports overtake the answer to the send.
type ReceiptArgs struct {
	Channel    string `json:"channel"`
	ProviderID string `json:"provider_id"`
	State      string `json:"state"`
	Reason     string `json:"reason"`
	Dead       bool   `json:"dead"`
}

// Kind names the job in the queue.
func (ReceiptArgs) Kind() string { return "receipt" }

// receiptTries is how often the message is looked for, over half a minute; after that it is none of ours.
const receiptTries = 6

// receiptLater is when good news that overtook the answer to the send is looked at again: once, because nothing depends on it.
const receiptLater = 500 * time.Millisecond

// InsertOpts bounds the look-ups.
func (a ReceiptArgs) InsertOpts() river.InsertOpts {
	opts := river.InsertOpts{Priority: 2, MaxAttempts: receiptTries}
	if a.State == stateDelivered {
		opts.ScheduledAt = time.Now().Add(receiptLater) //nolint:forbidigo // real time that passes, whatever day the business has
	}
	return opts
}

// FileArgs asks to fetch a file from the platform it was uploaded to, and to keep it.
type FileArgs struct {
	FileID int64 `json:"file_id"`
}

// Kind names the job in the queue.
func (FileArgs) Kind() string { return "file" }

// InsertOpts lets messages to people go first.
func (FileArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Priority: 3, MaxAttempts: fileTries}
}

// fileTries is how often a file is fetched again: at most ten minutes apart, that is some hours.
const fileTries = 30

// TickArgs asks to do what is due and not yet done.
type TickArgs struct{}

// Kind names the job in the queue.
func (TickArgs) Kind() string { return "tick" }

// InsertOpts keeps at most one tick waiting: after downtime one is enough.
func (TickArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: 30 * time.Second}}
}
