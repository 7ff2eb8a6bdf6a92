package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// twilioConn makes requests through Twilio's own library, which knows neither contexts nor other base addresses:
// each request gets a client whose transport adds both, and keeps of the answer what the library throws away.
type twilioConn struct {
	sid, token string
	base       *url.URL // nil for Twilio's own
	transport  http.RoundTripper
}

func newTwilioConn(opt SMSOptions) (twilioConn, error) {
	conn := twilioConn{sid: opt.AccountSID, token: opt.AuthToken, transport: http.DefaultTransport}
	if opt.HTTPClient != nil && opt.HTTPClient.Transport != nil {
		conn.transport = opt.HTTPClient.Transport
	}
	if opt.APIURL == "" {
		return conn, nil
	}
	base, err := url.Parse(opt.APIURL)
	if err != nil || base.Host == "" {
		return conn, fmt.Errorf("sms: %q is not the address of an API", opt.APIURL)
	}
	conn.base = base
	return conn, nil
}

// do makes one request and sorts its error.
func (c twilioConn) do(ctx context.Context, request func(*api.ApiService) error) error {
	ctx, cancel := context.WithTimeout(ctx, smsTimeout)
	defer cancel()
	trip := &trip{ctx: ctx, conn: c}
	sdk := &client.Client{
		Credentials: client.NewCredentials(c.sid, c.token),
		HTTPClient: &http.Client{
			Transport:     trip,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	sdk.SetAccountSid(c.sid)
	if err := request(api.NewApiServiceWithClient(sdk)); err != nil {
		return twilioError(err, trip.status, trip.after)
	}
	return nil
}

// trip is the transport of one request.
type trip struct {
	ctx    context.Context
	conn   twilioConn
	status int
	after  time.Duration
}

// RoundTrip sends the request to the base address, within the context.
func (t *trip) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(t.ctx)
	if base := t.conn.base; base != nil {
		r.URL.Scheme, r.URL.Host, r.Host = base.Scheme, base.Host, ""
		r.URL.Path = strings.TrimSuffix(base.Path, "/") + r.URL.Path
	}
	resp, err := t.conn.transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	t.status = resp.StatusCode
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
		t.after = time.Duration(seconds) * time.Second
	}
	return resp, nil
}

// twilioError turns what the library returned into an Error. Without any answer it stays what it is: it may have been sent.
func twilioError(err error, status int, after time.Duration) error {
	var rest *client.TwilioRestError
	if errors.As(err, &rest) {
		failure := SMSFailure(rest.Code, rest.Message)
		if status == http.StatusTooManyRequests || status >= 500 {
			failure.Permanent, failure.Dead = false, false
		} else if !known(rest.Code) {
			failure.Permanent = status >= 400 || status == 0 // refused, for a reason we have no name for
		}
		failure.After = after
		return failure
	}
	return &Error{Err: err, Permanent: status >= 400 && status < 500 && status != http.StatusTooManyRequests, After: after}
}

// What Twilio's codes mean for us; a code in none of the lists is judged by the HTTP status it came with.
// The codes are explained at https://www.twilio.com/docs/api/errors/CODE
var (
	// The number itself is at fault: the contact is disabled.
	smsDead = map[int]string{
		21211: "that is not a phone number",
		21217: "that is not a phone number",
		21265: "a short code cannot be texted",
		21610: "the person has opted out by replying STOP, and can reply START",
		21614: "the number cannot receive texts",
		21635: "the number is a landline",
		30004: "the person or the network blocks our texts",
		30005: "the number is unknown or no longer in service",
		30006: "the number is a landline or its network cannot be reached",
	}
	// Our account, number or text is at fault: an admin must act, trying again cannot help.
	smsRefused = map[int]string{
		20003: "account id or token is wrong: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN",
		20404: "there is no such account: TWILIO_ACCOUNT_SID",
		21212: "the sender's number is not valid: TWILIO_FROM",
		21222: "the account id has characters it cannot have: TWILIO_ACCOUNT_SID",
		21224: "the token has characters it cannot have: TWILIO_AUTH_TOKEN",
		21408: "the account may not text that country: messaging geographic permissions",
		21602: "the text is empty",
		21603: "the sender's number is missing: TWILIO_FROM",
		21606: "the sender's number cannot send texts: TWILIO_FROM",
		21608: "a trial account may only text verified numbers",
		21609: "the address for delivery reports is not valid: CALLOUT_PUBLIC_URL",
		21612: "the sender's number cannot text that number",
		21617: "the text is too long",
		21659: "the sender's number does not belong to the account: TWILIO_FROM",
		21660: "the sender's number does not belong to the account: TWILIO_FROM",
		30002: "the account is suspended",
		30007: "the network filtered the text as spam",
		30010: "the text costs more than the account allows: maximum price",
		30032: "the toll-free number is not verified for texts to the United States and Canada",
		30034: "the number is not registered for texts to the United States (A2P 10DLC)",
	}
	// It may go better later.
	smsLater = map[int]string{
		14107: "too many texts to one number at once; Twilio pauses for half a minute",
		20429: "too many requests at once",
		21611: "the queue of texts is full",
		30001: "the queue of texts is full",
		30003: "the phone is off or out of reach",
		30008: "the network gave no reason",
		30022: "the networks take no more texts from us for now (A2P 10DLC)",
		30023: "the networks take no more texts from us today (A2P 10DLC)",
		30036: "the text waited too long at Twilio",
		30410: "the network did not answer in time",
	}
)

// aboutOneText are the codes of smsRefused that say nothing about the next text.
var aboutOneText = map[int]bool{21602: true, 21608: true, 21612: true, 21617: true, 30007: true}

// SMSFailure sorts an error code, of a refused request or a delivery report, into what may be done about it.
func SMSFailure(code int, said string) *Error {
	plain, setup := "", ""
	if !aboutOneText[code] {
		setup = smsRefused[code]
	}
	for _, list := range []map[int]string{smsDead, smsRefused, smsLater} {
		if meaning := list[code]; meaning != "" {
			said, plain = meaning, meaning
			break
		}
	}
	return &Error{
		Said:      plain,
		Err:       fmt.Errorf("twilio %d: %s", code, said),
		Dead:      smsDead[code] != "",
		Permanent: smsDead[code] != "" || smsRefused[code] != "",
		Setup:     setup,
	}
}

func known(code int) bool {
	return smsDead[code] != "" || smsRefused[code] != "" || smsLater[code] != ""
}
