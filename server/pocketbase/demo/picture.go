package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// picture draws a small landscape under that name: a sky, a sun and hills, in
// colours that the seed picks.
func picture(name string, seed, width, height int) (*filesystem.File, error) {
	palette := palettes[seed%len(palettes)]
	img := image.NewPaletted(image.Rect(0, 0, width, height), palette)
	sunX, sunY, radius := width*(2+seed%5)/8, height/3, height/7
	for y := range height {
		for x := range width {
			img.SetColorIndex(x, y, landscape(x-sunX, y-sunY, radius, y*100/height, hill(x*100/width+seed*13)))
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("picture %s: %w", name, err)
	}
	file, err := filesystem.NewFileFromBytes(out.Bytes(), name)
	if err != nil {
		return nil, fmt.Errorf("picture %s: %w", name, err)
	}
	file.Name = name // without the random end that uploads get
	return file, nil
}

// landscape picks the colour of a point: dx and dy from the sun, at a height
// given in percent from the top, over a hill that begins at horizon.
func landscape(dx, dy, radius, height, horizon int) uint8 {
	switch {
	case height > horizon+18:
		return 4
	case height > horizon:
		return 3
	case dx*dx+dy*dy < radius*radius:
		return 2
	case height > 40:
		return 1
	}
	return 0
}

// hill is a wave of straight lines between 50 and 75.
func hill(x int) int {
	x %= 100
	return 50 + min(x, 100-x)/2
}

// palettes are sky, haze, sun, far hills and near hills.
var palettes = []color.Palette{
	{color.RGBA{135, 196, 232, 255}, color.RGBA{196, 225, 240, 255}, color.RGBA{255, 221, 128, 255}, color.RGBA{112, 158, 110, 255}, color.RGBA{63, 109, 78, 255}},
	{color.RGBA{250, 171, 120, 255}, color.RGBA{252, 207, 160, 255}, color.RGBA{255, 240, 200, 255}, color.RGBA{150, 92, 110, 255}, color.RGBA{88, 56, 84, 255}},
	{color.RGBA{38, 52, 92, 255}, color.RGBA{70, 84, 130, 255}, color.RGBA{240, 240, 225, 255}, color.RGBA{46, 62, 80, 255}, color.RGBA{24, 34, 50, 255}},
	{color.RGBA{214, 232, 222, 255}, color.RGBA{236, 243, 232, 255}, color.RGBA{245, 158, 130, 255}, color.RGBA{132, 178, 170, 255}, color.RGBA{72, 126, 128, 255}},
}
