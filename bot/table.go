package bot

import (
	"slices"

	"callout/desk"
)

// commandTable is the one table of commands.
func commandTable() []Command {
	return slices.Concat(callCommands(), salesCommands(), machineCommands(), deskCommands())
}

// callCommands are about calls and who takes them.
func callCommands() []Command {
	return []Command{
		{
			Name: "log-call", Usage: "[what is wrong]", Summary: "Log a customer's call and have a technician asked",
			needs: desk.LogCalls, form: previewLogCall, handle: (*Bot).openLogCall,
			arguments: []Argument{
				anyWords("What is wrong, in a few words"), customerFill("Who called: a name or phone number"),
				{Name: "equipment", Summary: "Which machine: its model or serial number", Search: machineSearch, Field: "equipment"},
				{Name: "priority", Summary: "How urgent it is", Choices: choices(desk.Priorities()), Field: "priority"},
				{Name: "technician", Summary: "Who should go; without it I ask the best available one", Search: "technician", Field: "technician"},
				fills("details", "What the customer said, what was tried, when somebody can come", desk.MaxDetails),
			},
		},
		{
			Name: "calls", noun: desk.NounCalls, Usage: "[number | filters such as status:pending customer:\"Acme Foods\" tech:@maria]",
			Summary: "List calls, or show one by its number", needs: desk.SeeCalls, handle: callList.answer(),
		},
		{
			Name: "duty", Usage: "[on | off | until 17:00 | off friday | on-call sat 9-13 | who | hours | cover friday | time-off | gaps]",
			Summary: "Say when you are available, see who is, find cover, ask for time off",
			needs:   desk.SeeDuty, handle: (*Bot).duty, arguments: dutyArguments(),
		},
	}
}

// salesCommands are about quotes, leads and visits.
func salesCommands() []Command {
	return []Command{
		{
			Name: "request-quote", Usage: "[what they want]", Summary: "Ask for a quote for a customer or lead",
			needs: desk.RequestQuotes, form: previewRequestQuote, handle: (*Bot).openRequestQuote,
			arguments: []Argument{
				anyWords("What they want, in a few words"), partyFill("For which customer or lead: a name, phone or e-mail"),
				{Name: "needed-by", Summary: "By when, such as 2026-01-31", Field: "needed_by", Max: 40},
				fills("notes", "For who prepares it; the customer does not see them", desk.MaxWanted),
			},
		},
		{
			Name: "quotes", noun: desk.NounQuotes, Usage: "[number | filters such as status:sent customer:acme by:me]", Summary: "List quotes, or show one by its number",
			needs: desk.SeeQuotes, handle: quoteList.answer(),
		},
		{
			Name: "add-lead", Usage: "[what they want]", Summary: "Add somebody who may become a customer",
			needs: desk.AddLeads, form: previewAddLead, handle: (*Bot).openAddLead,
			arguments: leadArguments(),
		},
		{
			Name: "leads", noun: desk.NounLeads, Usage: "[number | filters such as stage:open owner:me due:overdue]", Summary: "List leads, or show one by its number",
			needs: desk.SeeLeads, handle: leadList.answer(),
		},
		{
			Name: "log-visit", Usage: "[what came of it]", Summary: "Log a visit to a customer or lead, or plan one",
			needs: desk.LogVisits, form: previewLogVisit, handle: (*Bot).openLogVisit,
			arguments: append([]Argument{
				anyWords("What came of it, in a few words"), partyFill("Which customer or lead: a name, phone or e-mail"),
				{Name: "purpose", Summary: "What it was for", Choices: choices(desk.VisitPurposes()), Field: "purpose"},
				{Name: "day", Summary: "On which day, if not today, such as 2026-01-31", Field: fieldAt, Max: 40},
				{Name: "time", Summary: "At what time, such as 14:30", Field: fieldAtTime, Max: 40},
				{Name: "person", Summary: "Who was there, if not you", Search: memberSearch, Field: memberSearch},
			}, nextArguments("next_step", desk.MaxNextStep)...),
		},
		{
			Name: "visits", noun: desk.NounVisits, Usage: "[number | filters such as purpose:sales by:me from:this-month]",
			Summary: "List visits, or show one by its number", needs: desk.SeeVisits, handle: visitList.answer(),
		},
	}
}

// machineCommands are about machines and their maintenance.
func machineCommands() []Command {
	return []Command{
		{
			Name: "equipment", noun: desk.NounEquipment, Usage: "[number | serial number | add | filters such as customer:\"Acme Foods\" status:retired]",
			Summary: "List machines, show one with its history, or add one", needs: desk.SeeEquipment, form: previewAddEquipment, handle: (*Bot).equipment,
			arguments: equipmentArguments(),
		},
		{
			Name: "maintenance", noun: desk.NounMaintenance, Usage: "[number | filters such as status:overdue tech:me to:2026-06-30]",
			Summary: "Maintenance that is due, overdue and upcoming, or one task by its number", needs: desk.SeeMaintenance, handle: taskList.answer(),
		},
		{
			Name: "templates", Usage: "[number | add | retired]", Summary: "See and change the checklists of maintenance", Sub: true,
			needs: desk.PlanMaintenance, form: previewTemplates, handle: (*Bot).templates,
			arguments: []Argument{anyWords("The number of one, or retired"), {Name: "add", Summary: "Add one: its name", Max: desk.MaxName, write: after("add"), order: wordsFirst}},
		},
		{
			Name: "holidays", Usage: "[add]", Summary: "See and change the days on which nobody works", Sub: true,
			needs: desk.PlanMaintenance, form: previewHolidays, handle: (*Bot).holidays,
			arguments: []Argument{{Name: "add", Summary: "Add one: the day and its name, such as 2026-12-25 Christmas Day", Max: 3000, write: after("add")}},
		},
	}
}

// deskCommands are about the desk itself.
func deskCommands() []Command {
	return []Command{
		{
			Name: "report", Usage: "[calls, quotes, leads, visits or maintenance, and filters… [every monday 08:00] | schedules]",
			Summary: "Make a report with chart and PDF, now or again and again", needs: desk.MakeReports, handle: (*Bot).report,
			arguments: reportArguments(),
		},
		{
			Name: "callout", Usage: "[help | me | team | customer | settings | import | any other command]", Summary: "Everything else: help, your data, the team, settings",
			handle: (*Bot).help,
		},
		{Name: "help", Summary: "Show what you can do here", Sub: true, handle: (*Bot).help},
		undoCommand(),
		{Name: "me", Summary: "See your data, change your phone, prove it", Sub: true, handle: (*Bot).me},
		{Name: "link", Usage: "[code]", Summary: "Be the same member in another chat", Sub: true, handle: (*Bot).link, arguments: []Argument{{Name: "code", Summary: "The code from the other chat; without it you get one", Max: 40}}},
		{
			Name: "customer", Usage: "[part of a name, phone or e-mail]", Summary: "See a customer with machines, contacts and history", Sub: true,
			needs: desk.SeeCustomers, handle: (*Bot).customer,
			arguments: []Argument{{Name: "name", Summary: "Part of a name, phone or e-mail", Search: customerWords}},
		},
		{
			Name: "team", Usage: "[add]", Summary: "See the members; admins add people, with or without chat, and change roles", Sub: true,
			needs: desk.SeeDuty, form: previewTeam, handle: (*Bot).team,
			arguments: []Argument{{Name: "what", Summary: "What to do; without it you see the members", Choices: []Option{{Value: "add", Label: "add somebody"}}}},
		},
		{
			Name: "import", Summary: "Bring a list of customers, contacts, equipment, leads or members as a CSV file", Sub: true,
			needs: desk.ImportData, form: importForm, handle: (*Bot).openImport,
		},
		{Name: "policy", Summary: "See who is asked or told when a call has nobody; admins change it", Sub: true, needs: desk.SeeCalls, handle: (*Bot).policy},
		{
			Name: "deliveries", noun: desk.NounDeliveries, Usage: "[filters such as status:failed channel:sms to:@maria]", Summary: "See which messages did not reach anybody and why, and send them again",
			Sub: true, needs: desk.SeeDeliveries, handle: deliveryList.answer(),
		},
		{Name: "settings", Summary: "Choose channels, what papers say, and how many texts a month", Sub: true, needs: desk.ChangeSetting, handle: (*Bot).settings},
	}
}

// topics lists what each noun adds.
func topics() []topic {
	return []topic{
		callTopic(), informTopic(), callStepTopic(), callEditTopic(), callWaitTopic(), callListTopic(),
		quoteTopic(), quoteFormTopic(),
		partyTopic(), peopleTopic(), argumentTopic(), linkTopic(), leadTopic(), leadFormTopic(), visitTopic(), visitFormTopic(), customerTopic(),
		taskTopic(), checklistTopic(), equipmentTopic(), templateTopic(), planTopic(), holidayTopic(),
		policyTopic(), dutyTopic(), memberTopic(), memberAddTopic(), settingTopic(), reportTopic(), helpTopic(), undoTopic(), importTopic(), deliveryTopic(),
	}
}
