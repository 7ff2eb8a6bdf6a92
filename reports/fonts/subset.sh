#!/bin/sh
# Rebuilds the fonts of this folder from Debian's packages fonts-noto-core, fonts-dejavu-core and
# fonts-wqy-microhei with pyftsubset (package fonttools). Hinting and layout tables are dropped: the writer
# does not use them, and every kilobyte here is in the program.
set -eu
from=${1:-/usr/share/fonts/truetype}
keep="--no-hinting --layout-features= --name-IDs=* --notdef-outline"
drop="--drop-tables+=GSUB,GPOS,GDEF,STAT,FFTM,kern,vhea,vmtx"
for face in NotoSans-Regular NotoSans-Bold; do
	pyftsubset "$from/noto/$face.ttf" $keep $drop --unicodes='*' --output-file="$face.ttf"
done
for script in Thai:0E00-0E7F Lao:0E80-0EFF Devanagari:0900-097F Bengali:0980-09FF Gurmukhi:0A00-0A7F \
	Gujarati:0A80-0AFF Tamil:0B80-0BFF Telugu:0C00-0C7F Kannada:0C80-0CFF Malayalam:0D00-0D7F \
	Sinhala:0D80-0DFF Myanmar:1000-109F Ethiopic:1200-137F Khmer:1780-17FF; do
	face=NotoSans${script%%:*}-Regular
	pyftsubset "$from/noto/$face.ttf" $keep $drop --unicodes="U+${script##*:}" --output-file="$face.ttf"
done
pyftsubset "$from/dejavu/DejaVuSans.ttf" $keep $drop \
	--unicodes=U+0300-036F,U+0530-06FF,U+10A0-10FF,U+2000-2BFF,U+FB00-FEFF,U+FFFC,U+FFFD --output-file=DejaVuSans.ttf
pyftsubset "$from/wqy/wqy-microhei.ttc" --font-number=0 $keep $drop \
	--unicodes=U+2E80-2FDF,U+3000-33FF,U+4E00-9FFF,U+AC00-D7A3,U+F900-FAFF,U+FE30-FE4F,U+FF00-FFEF \
	--output-file=WenQuanYiMicroHei.ttf
