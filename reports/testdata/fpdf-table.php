<?php
// The same table written with PHP FPDF, in the way that is fast there: each cell is broken once with the font's own
// widths. It has no UTF-8: letters outside Latin 1 are lost. Run: php fpdf-table.php ROWS rows.csv out.pdf, with the rows
// from: go test -run TestWriteRowsForComparison -rows rows.csv
require getenv("FPDF") ?: "fpdf.php"; // Debian: FPDF=/usr/share/php/fpdf/fpdf.php
class Table extends FPDF {
	public $made = 'Made 1 July 2026, 08:00 UTC';
	function Footer() {
		$this->SetY(-15); $this->SetFont('Helvetica', '', 7);
		$this->Cell(0, 10, 'Page ' . $this->PageNo() . ' of {nb}', 0, 0, 'R');
	}
	function Header() {
		$this->SetFont('Helvetica', 'B', 7);
		foreach ($this->titles as $i => $t) $this->Cell($this->colw[$i], 6, $t, 'B');
		$this->Ln(); $this->SetFont('Helvetica', '', 8);
	}
	public $titles = ['No.', 'Opened', 'Customer', 'Machine', 'Summary', 'Technician', 'Status', 'Closed'];
	public $colw = [15, 28, 43, 38, 69, 29, 18, 28];
	function lines($w, $s) {
		$cw = $this->CurrentFont['cw']; $max = ($w - 2 * $this->cMargin) * 1000 / $this->FontSize;
		$out = []; $line = ''; $l = 0;
		foreach (explode(' ', $s) as $word) {
			$n = 0; for ($i = 0, $k = strlen($word); $i < $k; $i++) $n += $cw[$word[$i]];
			if ($line !== '' && $l + 278 + $n > $max) { $out[] = $line; $line = $word; $l = $n; }
			else { $l += ($line === '' ? 0 : 278) + $n; $line = $line === '' ? $word : "$line $word"; }
		}
		$out[] = $line; return $out;
	}
	function row($cells) {
		$all = []; $most = 1;
		foreach ($cells as $i => $c) { $all[$i] = $this->lines($this->colw[$i], $c); $most = max($most, count($all[$i])); }
		$h = $most * 3.7 + 3;
		if ($this->GetY() + $h > 195) $this->AddPage('L');
		$x = $this->GetX(); $y = $this->GetY();
		foreach ($all as $i => $lines) {
			foreach ($lines as $n => $line) $this->Text($x + 1.5, $y + 3.7 * $n + 4, $line);
			$x += $this->colw[$i];
		}
		$this->Line($this->lMargin, $y + $h, $x, $y + $h); $this->SetXY($this->lMargin, $y + $h);
	}
}
$n = (int)($argv[1] ?? 1000); $start = microtime(true);
$pdf = new Table('L', 'mm', 'A4'); $pdf->AliasNbPages(); $pdf->SetAutoPageBreak(false); $pdf->AddPage();
$in = fopen($argv[2], 'r'); $rows = 0;
while (($c = fgetcsv($in)) !== false && $rows < $n) {
	foreach ($c as &$cell) $cell = iconv('UTF-8', 'ISO-8859-1//TRANSLIT', $cell);
	$pdf->row($c); $rows++;
}
$pdf->Output('F', $argv[3]);
printf("%d rows %.0f ms %.0f MiB\n", $rows, 1000 * (microtime(true) - $start), memory_get_peak_usage() / 1048576);
