package store

import "fmt"

// SQL is the statement that lists the calls, and its arguments.
func (w CallWhere) SQL() (string, []any) {
	where, args := w.where()
	return fmt.Sprintf("%s%s ORDER BY call.id DESC LIMIT %d", callRowColumns, where, w.Limit), args
}
