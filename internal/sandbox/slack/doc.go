// Package slack is a local Slack workspace: a server with memory that speaks the Web API, Socket Mode,
// signed HTTP callbacks, response_url and the external file upload, and that lets named people type, press
// and submit. Demo mode, the story tests and the sandbox's browser page all use it.
//
// It owns the workspace (people, channels, messages, views, files) and Slack's rules about them: which calls
// are refused, with which error name, and what a person sees when the app does not answer. It must know
// nothing about Callout: no production package and no Slack SDK is imported, signing and shapes are written
// here from Slack's documentation, so a mistake in the app's client is not repeated by its judge.
//
// A test reads like this:
//
//	ws, _ := slack.New(slack.Options{BotToken: "xoxb-1", SigningSecret: "s3", EventsURL: app.URL + "/slack/events"})
//	srv := httptest.NewServer(ws.Handler())
//	ws.SetBaseURL(srv.URL) // the app's API URL is srv.URL + "/api/"
//	ws.SetManifest(manifest)
//	ws.AddUser(slack.User{ID: "U1", Name: "maria"})
//	ws.AddChannel(slack.Channel{ID: "C1", Name: "calls", Members: []string{"U1", ws.BotUserID()}})
//	reply, err := ws.Type(ctx, "U1", "C1", "/log-call printer is jammed")
//	view := ws.Views("U1")[0]
//	res, err := ws.Submit(ctx, "U1", view.ID, slack.Values{view.MustBlock("Summary"): "Printer is jammed"})
//
// What the workspace is strict about: tokens and scopes, Block Kit (every block and element of Slack's reference, with
// JSON pointers to what is wrong), views (size, stack, hash, trigger_id of 3 s and one use), message rules, files,
// response_url (5 uses, 30 minutes), the app's 3 seconds to acknowledge, the manifest, and rates when
// Options.RateLimits is set. Limits are constants beside the code that holds to them, with their page; those that no
// page states say where they were seen.
//
// While a Socket Mode client is connected, callbacks go to it; otherwise they are POSTed, signed, to EventsURL.
// Fail, RepeatDeliveries and Disconnect make things go wrong; Requests tells what the app called.
//
// Not modelled: other apps, user tokens, OAuth, Enterprise Grid, shared channels, reactions, pins, reminders, search,
// Workflow Builder, streaming messages and the blocks plan and task_card. Times of day are the clock's: Options.Now
// moves trigger ids, response URLs, rates and signatures, while AckTimeout and EventRetries are real time.
//
// People's actions return an error when the app did not answer as it must: [DeliveryError] carries the word
// that Slack shows the person. What the app does later, on its own, is awaited with [Server.Wait].
package slack
