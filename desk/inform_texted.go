package desk

import (
	"context"
	"fmt"
	"slices"

	"callout/store"
)

// CustomerTexts keeps what a customer texted to us: below the one call it can be about, else the dispatchers are told. A stranger's
// text is nobody's: false. Nothing is ever answered by itself.
func (d *Desk) CustomerTexts(ctx context.Context, key, phone, text string) (known bool, err error) {
	if text = shorten(clean(text), MaxDetails); text == "" {
		return false, nil
	}
	whose, err := d.q.ListCustomersByPhone(ctx, phone)
	if err != nil || len(whose) == 0 {
		return false, err
	}
	var customers []int64
	for _, w := range whose {
		if !slices.Contains(customers, w.CustomerID) {
			customers = append(customers, w.CustomerID)
		}
	}
	calls, err := d.q.ListPendingCallsOf(ctx, customers)
	if err != nil {
		return true, fmt.Errorf("list open calls of who texted: %w", err)
	}
	a := Actor{Via: "sms", Key: key}
	if id, who := meantByText(calls, whose); id != 0 {
		return true, d.step(ctx, a, id, func(ctx context.Context, s *step) error { return s.customerSaid(ctx, who, text) })
	}
	who := whose[0]
	return true, d.change(ctx, a, Record{Kind: CustomerRecord, ID: who.CustomerID}, func(ctx context.Context, c *change) error {
		if err := c.consentEvent(ctx, who.CustomerID, "%s texted: %s", who.Name, text); err != nil {
			return err
		}
		return c.tellDispatchers(ctx, noticeInform, fmt.Sprintf("%s texted us from %s: “%s” %s Nothing was answered.",
			byName(who), PhoneShown(phone), shorten(text, 300), openCalls(calls)))
	})
}

// meantByText finds the one open call that a customer's text can be about: theirs who texted, else their company's.
func meantByText(calls []store.ListPendingCallsOfRow, whose []store.ListCustomersByPhoneRow) (int64, string) {
	names := map[int64]string{}
	for _, w := range whose {
		if w.ContactID != 0 {
			names[w.ContactID] = w.Name
		}
	}
	var own []store.ListPendingCallsOfRow
	for _, c := range calls {
		if c.ContactID != nil && names[*c.ContactID] != "" {
			own = append(own, c)
		}
	}
	switch {
	case len(own) == 1:
		return own[0].ID, names[*own[0].ContactID]
	case len(own) == 0 && len(calls) == 1:
		return calls[0].ID, whose[0].Name
	}
	return 0, ""
}

func byName(w store.ListCustomersByPhoneRow) string {
	if w.Name == w.CustomerName {
		return w.Name
	}
	return w.Name + " (" + w.CustomerName + ")"
}

func openCalls(calls []store.ListPendingCallsOfRow) string {
	if len(calls) == 0 {
		return "They have no open call."
	}
	var numbers []string
	for _, c := range calls {
		numbers = append(numbers, fmt.Sprint(c.ID))
	}
	return "Their open calls are " + joined(numbers, "and") + "."
}

// eventCustomerSaid is what a customer texted about a call.
const eventCustomerSaid = "customer_said"

// customerSaid puts what a customer texted into the timeline, and tells who has the call, else the dispatchers.
func (s *step) customerSaid(ctx context.Context, who, text string) error {
	if err := s.record(ctx, eventCustomerSaid, "", who, text); err != nil {
		return err
	}
	said := fmt.Sprintf("%s texted about call %d: “%s” Nothing was answered.", who, s.call.ID, shorten(text, 300))
	if s.call.TechnicianID != nil {
		return s.tell(ctx, *s.call.TechnicianID, noticeInform, said)
	}
	return s.tellDispatchers(ctx, noticeInform, said, 0)
}
