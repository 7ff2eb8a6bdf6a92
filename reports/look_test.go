package reports
import ("testing";"os";"context";"strings";"time")
func write(t *testing.T,name string,r Report){ f,_:=os.Create("/tmp/look/"+name+".pdf"); defer f.Close(); t0:=time.Now(); if err:=WritePDF(context.Background(),f,r,nil);err!=nil{t.Fatal(err)}; t.Log(name,time.Since(t0))}
func TestLook(t *testing.T){
 os.MkdirAll("/tmp/look",0o755)
 write(t,"calls",Calls(sampleInput(60)))
 in:=sampleInput(0); write(t,"empty",Calls(in))
 base:=Report{Company:"Brightwater Machines",Title:"Languages",MadeAt:sampleStart,Table:Table{Columns:[]Column{{Title:"No.",Width:1,Align:AlignRight},{Title:"Wide",Width:10},{Title:"Narrow",Width:3}},Rows:languageRows()}}
 write(t,"languages",base)
 long:=strings.Repeat("A very long name without an end ",12)
 l:=Report{Company:long,Title:long,Period:long,Subtitle:long,MadeAt:sampleStart,Filters:[]Filter{{"Customer",long},{"Status","pending"},{long,long},{"Technician","Maria"}},
  Numbers:[]Number{{long,"1234567890123456789012345",long},{"A","1","" },{"A","1","" },{"A","1","" },{"A","1","" },{"A","1","" },{"A","1","" }},
  Charts:[]Chart{{Title:long,Ranked:true,Categories:strings.Fields(strings.Repeat("Averylongnameofamachine-number ",1)+"a b c d e f g h i j k l m"),Series:[]Series{{long,[]float64{5,4,3,2,1,5,6,7,8,9,1,2,3,4}}}},
   {Kind:ChartStackedBar,Title:"Stacked",Categories:strings.Split("January,February,March,April,May,June,July,August,September,October,November,December",","),Series:[]Series{{"Service",[]float64{5,4,3,2,1,5,6,7,8,9,1,2,3,4}},{"Sales",[]float64{5,4,3,2,1,5,6,7,8,9,1,2,3,4}},{"Another",[]float64{5,4,3,2,1,5,6,7,8,9,1,2,3,4}}}},
   {Kind:ChartLine,Title:"Line",Categories:strings.Split("January,February,March,April,May,June,July,August,September,October,November,December",","),Series:[]Series{{"Service",[]float64{5,4,3,2,1,5,6,7,8,9,1,2,3,4}},{"Sales",[]float64{1,4,3,2,1,15,6,17,8,9,1,2,3,4}},{"Another",[]float64{7,4,3,1,1,5,6,2,8,0,1,2,3,4}}}},
   {Kind:ChartPie,Title:"Pie",Categories:strings.Split("January,February,March is a very long name that cannot be all shown,April,May,June,July,August,September,October,November,December",","),Ranked:true,Series:[]Series{{"Service",[]float64{5,4,3,2,1,5,6,7,8,9,1,2,3,4}}}}},
  Table:Table{Columns:[]Column{{Title:"No.",Width:1,Align:AlignRight},{Title:long,Width:4},{Title:"Summary",Width:5},{Title:"Centre",Width:2,Align:AlignCentre}},Rows:rowsOf([]string{"1",strings.Repeat("x",400),strings.Repeat("This is a long story. ",140),"mid"},[]string{"2","short","line\nbreak\n\nblank before","http://example.com/a/very/long/path/that-has-no-spaces-at-all/and-continues"},[]string{"3"},[]string{"4","a","b","c","too many"})}}
 write(t,"long",l)
}
