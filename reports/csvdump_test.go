package reports
import ("testing";"os";"encoding/csv")
func TestDump(t *testing.T){
 f,_:=os.Create("/tmp/php/rows.csv"); defer f.Close(); w:=csv.NewWriter(f)
 r:=Calls(sampleInput(100000)); for row,_:=range r.Table.Rows { var c []string; for i,col:=range r.Table.Columns { if col.Width>0 {c=append(c,row[i])}}; w.Write(c)}; w.Flush()
}
