package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"callout/desk"
	"callout/notify"
)

// notice sends one notice.
func (j *Jobs) notice(ctx context.Context, job *river.Job[desk.NoticeArgs]) error {
	return j.send(ctx, job.Args.NoticeID, job.Attempt >= job.MaxAttempts)
}

// attachments makes the files that some kinds of notices carry.
var attachments = map[notify.Kind]func(*Jobs, context.Context, *desk.Outgoing, *notify.Message) error{
	notify.Report:       (*Jobs).attachReport,
	notify.ImportDone:   (*Jobs).attachRejects,
	notify.QuoteReady:   (*Jobs).attachQuote,
	notify.ServiceSheet: (*Jobs).attachSheet,
}

// send sends one notice and records how it went. last says that it will not be tried again.
func (j *Jobs) send(ctx context.Context, id int64, last bool) error {
	out, err := j.Desk.TakeNotice(ctx, id)
	var held *desk.Held
	if errors.As(err, &held) {
		return river.JobSnooze(held.For)
	}
	if err != nil || out == nil {
		return err
	}
	m := j.message(out)
	if len(out.Others) > 0 || out.Notice.Said != "" {
		if err := j.bundle(ctx, out, &m); err != nil {
			return err
		}
	}
	if attach, ok := attachments[m.Kind]; ok {
		if err := attach(j, ctx, out, &m); err != nil {
			return j.settle(ctx, out, notify.Receipt{}, err, last)
		}
	}
	receipt, err := j.handOver(ctx, m)
	return j.settle(ctx, out, receipt, err, last)
}

// bundle words a text together with what it carries along. A text that the provider may have already stays as it is, so that it can
// be looked up.
func (j *Jobs) bundle(ctx context.Context, out *desk.Outgoing, m *notify.Message) error {
	if out.Asked != nil && out.Notice.Said != "" {
		m.Said = out.Notice.Said
		return nil
	}
	others := make([]notify.Message, len(out.Others))
	for i := range out.Others {
		others[i] = j.message(&out.Others[i])
	}
	said, taken := notify.Bundle(*m, others)
	m.Said = said
	if err := j.Desk.Bundled(ctx, out.Notice.ID, said, taken); err != nil {
		return fmt.Errorf("bundle notice %d: %w", out.Notice.ID, err)
	}
	return nil
}

// settle records what became of a notice. It runs even when the job's time is up: the outcome is known then too.
func (j *Jobs) settle(ctx context.Context, out *desk.Outgoing, receipt notify.Receipt, sendErr error, last bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	id := out.Notice.ID
	switch {
	case sendErr == nil:
		return j.sent(ctx, out, receipt)
	case notify.Permanent(sendErr) || last:
		j.Log.WarnContext(ctx, "notice given up", "notice_id", id, "channel", out.Notice.Channel, "err", sendErr)
		if err := errors.Join(j.reportFailed(ctx, out, sendErr), j.setupTrouble(ctx, out.Notice.Channel, sendErr)); err != nil {
			return err
		}
		return j.Desk.NoticeFailed(ctx, id, notify.Said(sendErr), notify.Dead(sendErr))
	case notify.RetryAfter(sendErr) > 0:
		refused := j.Desk.NoticeRefused
		if out.Asked != nil {
			refused = j.Desk.NoticeUnanswered // an earlier try may have arrived: the next one looks again
		}
		if err := refused(ctx, id, sendErr.Error()); err != nil {
			return err
		}
		return river.JobSnooze(notify.RetryAfter(sendErr))
	}
	if err := j.Desk.NoticeUnanswered(ctx, id, sendErr.Error()); err != nil {
		return errors.Join(sendErr, err)
	}
	return fmt.Errorf("send notice %d: %w", id, sendErr)
}

// setupTrouble tells the admins what they must put right, if our settings are at fault.
func (j *Jobs) setupTrouble(ctx context.Context, channel string, cause error) error {
	if setup := notify.Setup(cause); setup != "" {
		return j.Desk.SetupTrouble(ctx, channel, setup)
	}
	return nil
}

// sent records a sent notice.
func (j *Jobs) sent(ctx context.Context, out *desk.Outgoing, receipt notify.Receipt) error {
	if out.Notice.Channel == string(notify.SMS) {
		if err := j.Desk.TextSent(ctx, out.Notice.ID, receipt.ID, receipt.Segments); err != nil {
			return fmt.Errorf("record notice %d: %w", out.Notice.ID, err)
		}
		return nil
	}
	version := int64(0)
	if out.Call != nil {
		version = out.Call.Call.Version
	}
	if err := j.Desk.NoticeSent(ctx, out.Notice.ID, receipt.ID, version); err != nil {
		return fmt.Errorf("record notice %d: %w", out.Notice.ID, err)
	}
	if out.Notice.Kind == string(notify.Report) {
		return j.Desk.ReportDone(ctx, reportID(out), "")
	}
	return nil
}

// message gathers the plain facts a sender words.
func (j *Jobs) message(out *desk.Outgoing) notify.Message {
	n := out.Notice
	m := notify.Message{
		ID: n.ID, Kind: notify.Kind(n.Kind), Channel: notify.Channel(n.Channel), Address: n.Address,
		Name: out.Member.Name, Company: j.Desk.Company, Text: out.Body.Text, Ref: out.Body.Ref,
	}
	m.Record.Kind = n.Record
	if n.RecordID != nil {
		m.Record.ID = *n.RecordID
	}
	if out.Asked != nil {
		m.Asked = *out.Asked
	}
	if n.OfferID != nil {
		m.OfferID = *n.OfferID
	}
	if v := out.Call; v != nil {
		m.Call = callFacts(*v)
	}
	if t := out.Body.Told; t != nil {
		told := notify.Told(*t)
		m.Told = &told
	}
	return m
}

func callFacts(v desk.CallView) notify.Call {
	c := notify.Call{
		ID: v.Call.ID, Priority: v.Call.Priority, Customer: v.Customer.Name, Phone: desk.PhoneOf(v), Contact: v.ContactName,
		Site: v.SiteName, Address: v.SiteAddress, Summary: v.Call.Summary, Details: v.Call.Details, Technician: v.TechnicianName,
		Resolution: v.Call.Resolution,
	}
	if v.EquipmentModel != "" {
		c.Equipment = v.EquipmentModel + " " + v.EquipmentSerial
	}
	return c
}
