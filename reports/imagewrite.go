package reports

import "strconv"

// image writes a picture at once and returns its number for drawImage, so that no picture stays in memory
// (ISO 32000-1, 8.9.5).
func (d *document) image(p *pixels) int {
	d.collect()
	if p.rgb != nil {
		d.note(0, d.pack(p.rgb))
		if d.packed.Len() > mostLossless {
			p.asJPEG()
		}
	}
	filter, data := "/Filter/FlateDecode", d.packed.Bytes()
	if p.jpeg != nil {
		filter, data = "/Filter/DCTDecode", p.jpeg
	}
	space := "/DeviceRGB"
	if p.gray {
		space = "/DeviceGray"
	}
	number := d.newObject()
	d.rawStream(number, "/Type/XObject/Subtype/Image/Width "+strconv.Itoa(p.width)+"/Height "+strconv.Itoa(p.height)+
		"/ColorSpace"+space+"/BitsPerComponent 8"+filter, data)
	d.images = append(d.images, number)
	return len(d.images)
}

// imageResources names the images for the pages; nothing when there are none.
func (d *document) imageResources() string {
	if len(d.images) == 0 {
		return ""
	}
	out := "/XObject<<"
	for i, number := range d.images {
		out += "/I" + strconv.Itoa(i+1) + " " + ref(number)
	}
	return out + ">>"
}

// drawImage shows a written picture upright in a box.
func (c *canvas) drawImage(number, orientation int, at box) {
	c.leaveText()
	x, y, w, h := at.x, c.up(at.bottom()), at.width, at.height
	// Where the right, upper and left lower ends of the stored square go, by the orientations of Exif.
	placed := [...][6]float64{
		{w, 0, 0, h, x, y},
		{-w, 0, 0, h, x + w, y},
		{-w, 0, 0, -h, x + w, y + h},
		{w, 0, 0, -h, x, y + h},
		{0, -h, -w, 0, x + w, y + h},
		{0, -h, w, 0, x, y + h},
		{0, h, w, 0, x, y},
		{0, h, -w, 0, x + w, y},
	}[orientation-1]
	c.op("q ")
	c.op(" cm ", placed[:]...)
	c.op("/I" + strconv.Itoa(number) + " Do Q\n")
}
