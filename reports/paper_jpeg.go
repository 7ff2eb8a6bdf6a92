package reports

import "encoding/binary"

// The markers of a JPEG file that matter here (ITU-T T.81, table B.1).
const (
	jpegStart   = 0xD8
	jpegEnd     = 0xD9
	jpegScan    = 0xDA
	jpegApp0    = 0xE0 // JFIF, harmless
	jpegApp1    = 0xE1 // Exif
	jpegApp14   = 0xEE // Adobe: says what the colours are
	jpegApp15   = 0xEF
	jpegComment = 0xFE
)

// bareJPEG returns the file without what tells about its owner (place, camera, a film behind the picture), its pixels
// untouched, and which way up it is held (1 to 8, as in Exif). ok is false if the parts do not follow each other as
// they must.
func bareJPEG(data []byte) (bare []byte, orientation int, ok bool) {
	orientation = 1
	if len(data) < 4 || data[0] != 0xFF || data[1] != jpegStart {
		return nil, 1, false
	}
	bare = append(make([]byte, 0, len(data)), data[:2]...)
	for at := 2; at+4 <= len(data); {
		marker := data[at+1]
		switch {
		case data[at] != 0xFF:
			return nil, 1, false
		case marker == 0xFF: // a filler
			at++
			continue
		case marker == jpegEnd:
			return append(bare, 0xFF, jpegEnd), orientation, true
		}
		end := at + 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		if end > len(data) || end < at+4 {
			return nil, 1, false
		}
		if marker == jpegApp1 && orientation == 1 {
			orientation = exifOrientation(data[at+4 : end])
		}
		if marker == jpegScan {
			end = scanEnd(data, end)
		}
		if keepsPart(marker) {
			bare = append(bare, data[at:end]...)
		}
		at = end
	}
	// Cameras that are switched off too early leave the end out; the pixels may all be there.
	return append(bare, 0xFF, jpegEnd), orientation, true
}

func keepsPart(marker byte) bool {
	if marker == jpegApp0 || marker == jpegApp14 {
		return true
	}
	return marker != jpegComment && (marker < jpegApp0 || marker > jpegApp15)
}

// scanEnd finds the marker after the compressed pixels that begin at a place.
func scanEnd(data []byte, at int) int {
	for ; at+1 < len(data); at++ {
		next := data[at+1]
		if data[at] == 0xFF && next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7) {
			return at
		}
	}
	return len(data)
}

// exifOrientation reads tag 0x0112 of the first directory of Exif data, which is a small TIFF file; 1 when there is none.
func exifOrientation(part []byte) int {
	const head, upright, tag = 6, 1, 0x0112
	if len(part) < head+8 || string(part[:4]) != "Exif" {
		return upright
	}
	tiff := part[head:]
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	start := int64(order.Uint32(tiff[4:]))
	if start+2 > int64(len(tiff)) {
		return upright
	}
	entries := tiff[start+2:]
	for range order.Uint16(tiff[start:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == tag {
			if value := int(order.Uint16(entries[8:])); value >= 1 && value <= 8 {
				return value
			}
			break
		}
		entries = entries[12:]
	}
	return upright
}
