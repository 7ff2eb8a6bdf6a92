package reports

import "image"

// shrink returns the picture on white with no side above mostPixels. Each new pixel is the mean of a square of old
// ones: no library needed, sharp, and fast because photos stay in the colours in which they were taken.
func shrink(m image.Image) image.Image {
	by := (max(m.Bounds().Dx(), m.Bounds().Dy()) + mostPixels - 1) / mostPixels
	switch m := m.(type) {
	case *image.YCbCr:
		return shrinkPhoto(m, by)
	case *image.Gray:
		width, height := smaller(m.Rect.Dx(), by), smaller(m.Rect.Dy(), by)
		out := image.NewGray(image.Rect(0, 0, width, height))
		shrinkPlane(plane{out.Pix, out.Stride, 1, width, height}, plane{m.Pix, m.Stride, 1, m.Rect.Dx(), m.Rect.Dy()}, by)
		return out
	}
	whole := onPaper(m)
	if by <= 1 {
		return whole
	}
	width, height := smaller(whole.Rect.Dx(), by), smaller(whole.Rect.Dy(), by)
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range 4 {
		shrinkPlane(plane{out.Pix[i:], out.Stride, 4, width, height}, plane{whole.Pix[i:], whole.Stride, 4, whole.Rect.Dx(), whole.Rect.Dy()}, by)
	}
	return out
}

// smaller is a side divided, with a last square that may be smaller than the others.
func smaller(side, by int) int { return (side + by - 1) / by }

func shrinkPhoto(m *image.YCbCr, by int) image.Image {
	if by <= 1 {
		return m
	}
	full := image.Rect(0, 0, m.Rect.Dx(), m.Rect.Dy())
	width, height := smaller(full.Dx(), by), smaller(full.Dy(), by)
	out := image.NewYCbCr(image.Rect(0, 0, width, height), m.SubsampleRatio)
	shrinkPlane(plane{out.Y, out.YStride, 1, width, height}, plane{m.Y, m.YStride, 1, full.Dx(), full.Dy()}, by)
	across, down := chromaShare(m.SubsampleRatio)
	for _, pair := range [2][2][]byte{{out.Cb, m.Cb}, {out.Cr, m.Cr}} {
		small := plane{pair[0], out.CStride, 1, smaller(width, across), smaller(height, down)}
		large := plane{pair[1], m.CStride, 1, smaller(full.Dx(), across), smaller(full.Dy(), down)}
		shrinkPlane(small, large, by)
	}
	return out
}

// chromaShare tells how many pixels share a colour, across and down: photos keep less of colour than of light.
func chromaShare(ratio image.YCbCrSubsampleRatio) (across, down int) {
	const width, height = 16, 8
	measure := image.NewYCbCr(image.Rect(0, 0, width, height), ratio)
	return width / measure.CStride, height / (len(measure.Cb) / measure.CStride)
}

// plane is one colour of a picture: a byte every step, rows a stride apart.
type plane struct {
	pix           []byte
	stride, step  int
	width, height int
}

// shrinkPlane fills to with the means of from.
func shrinkPlane(to, from plane, by int) {
	for y := range to.height {
		top := min(y*by, from.height-1)
		bottom := min(top+by, from.height)
		for x := range to.width {
			left := min(x*by, from.width-1)
			right := min(left+by, from.width)
			sum := 0
			for row := top; row < bottom; row++ {
				at := row*from.stride + left*from.step
				for range right - left {
					sum += int(from.pix[at])
					at += from.step
				}
			}
			count := (bottom - top) * (right - left)
			to.pix[y*to.stride+x*to.step] = byte((sum + count/2) / count)
		}
	}
}
