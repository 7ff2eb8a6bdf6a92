package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"
)

// wire is what lies between the program and a provider. A test may break it, for every request or connection until it is
// mended.
type wire struct {
	mu     sync.Mutex
	broken func(*passing)
	hits   int
}

// passing is one request to a provider over HTTP that meets a broken wire, or one connection to a mail server.
type passing struct {
	w       http.ResponseWriter
	request *http.Request
	pass    func() *httptest.ResponseRecorder // hands it to the provider and takes the answer
	conn    net.Conn                          // of SMTP: to the program
	target  string                            // of SMTP: the mail server
}

func (x *wire) breaks(how func(*passing)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.broken = how
}

// hit counts one that meets the wire, and returns how it is broken.
func (x *wire) hit() func(*passing) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.broken != nil {
		x.hits++
	}
	return x.broken
}

// met is how many met the wire while it was broken.
func (x *wire) met() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.hits
}

// web puts the wire before a provider that speaks HTTP, and returns the address before it.
func (w *world) web(x *wire, address string) string {
	w.Helper()
	target, err := url.Parse(address)
	if err != nil {
		w.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the program has hung up
		}
		p := &passing{w: rw, request: r, pass: func() *httptest.ResponseRecorder { return forward(r, target.Host, body) }}
		if how := x.hit(); how != nil {
			how(p)
			return
		}
		p.answers(p.pass())
	}))
	w.Cleanup(server.Close)
	return server.URL + target.Path
}

// forward hands a request to a provider, whether or not the program still waits for the answer.
func forward(r *http.Request, host string, body []byte) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	req, err := http.NewRequest(r.Method, "http://"+host+r.URL.RequestURI(), bytes.NewReader(body))
	if err == nil {
		req.Header = r.Header.Clone()
		var resp *http.Response
		if resp, err = http.DefaultClient.Do(req); err == nil {
			defer func() { _ = resp.Body.Close() }()
			for name, values := range resp.Header {
				answer.Header()[name] = values
			}
			answer.WriteHeader(resp.StatusCode)
			_, err = io.Copy(answer, resp.Body)
		}
	}
	if err != nil {
		answer.Code = http.StatusBadGateway
	}
	return answer
}

func (p *passing) answers(answer *httptest.ResponseRecorder) {
	for name, values := range answer.Header() {
		p.w.Header()[name] = values
	}
	p.w.WriteHeader(answer.Code)
	_, _ = p.w.Write(answer.Body.Bytes())
}

// answering is somebody who has not done what was asked.
func answering(status int, header http.Header, body string) func(*passing) {
	return func(p *passing) {
		for name, values := range header {
			p.w.Header()[name] = values
		}
		p.w.WriteHeader(status)
		_, _ = io.WriteString(p.w, body)
	}
}

// hangs never answers.
func hangs(p *passing) { <-p.request.Context().Done() }

// doneThen does what was asked, and then breaks: the program cannot know that it was done.
func doneThen(how func(*passing)) func(*passing) {
	return func(p *passing) {
		answer := p.pass()
		p.pass = func() *httptest.ResponseRecorder { return answer }
		how(p)
	}
}

// resets ends a connection in the way of a machine that has crashed.
func resets(p *passing) {
	conn := p.conn
	if conn == nil {
		hijacked, _, err := http.NewResponseController(p.w).Hijack()
		if err != nil {
			return
		}
		conn = hijacked
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// drips lets the answer through one byte at a time.
func drips(each time.Duration) func(*passing) {
	return func(p *passing) {
		if p.conn != nil {
			p.join(each)
			return
		}
		answer := p.pass()
		body := answer.Body.Bytes()
		answer.Header().Del("Content-Length")
		answer.Body = &bytes.Buffer{}
		p.answers(answer)
		out := http.NewResponseController(p.w)
		for i := range body {
			if !waited(p.request.Context().Done(), each) {
				return
			}
			_, _ = p.w.Write(body[i : i+1])
			_ = out.Flush()
		}
	}
}

// waited reports whether the time passed before something was done.
func waited(done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-done:
		return false
	}
}

// post puts the wire before a mail server, and returns the address before it.
func (w *world) post(x *wire, address string) string {
	w.Helper()
	target, err := url.Parse(address)
	if err != nil {
		w.Fatal(err)
	}
	server := target.Host
	ports, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { _ = ports.Close() })
	go func() {
		for {
			conn, err := ports.Accept()
			if err != nil {
				return
			}
			p := &passing{conn: conn, target: server}
			how := x.hit()
			if how == nil {
				how = func(p *passing) { p.join(0) }
			}
			go how(p)
		}
	}()
	target.Host = ports.Addr().String()
	return target.String()
}

// join connects the program with the mail server; what the server says takes its time.
func (p *passing) join(each time.Duration) {
	defer func() { _ = p.conn.Close() }()
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		_, _ = io.Copy(server, p.conn)
		_ = server.Close()
	}()
	if each == 0 {
		_, _ = io.Copy(p.conn, server)
		return
	}
	one := make([]byte, 1)
	for {
		if _, err := server.Read(one); err != nil {
			return
		}
		<-time.After(each)
		if _, err := p.conn.Write(one); err != nil {
			return
		}
	}
}

// greets says something else than a mail server should, and hangs up.
func greets(line string) func(*passing) {
	return func(p *passing) {
		_, _ = io.WriteString(p.conn, line)
		_ = p.conn.Close()
	}
}

// silent takes a connection and says nothing.
func silent(p *passing) {
	_, _ = io.Copy(io.Discard, p.conn) // until the program has had enough
	_ = p.conn.Close()
}
