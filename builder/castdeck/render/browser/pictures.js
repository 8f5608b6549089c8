// How pictures use their room. A drawing grows to the width of its slide, so that its letters do. A picture that fills one
// half of its slide is cropped, as a photograph may be; a drawing would lose what it says, and so would a picture of very
// different proportions: they are shown whole.

const DRAWING = /^data:image\/svg|\.svg([?#]|$)/i;
const LEAST_DRAWING = 480; // pixels: what is not as wide, such as a logo, keeps its size
const MOST_CROPPED = 0.6; // of a picture
const MOST_OF_DRAWING = 0.1;
const ALONE = ":scope > .figure > img:only-child:not([width], [height], [style])";

/** Fit a slide's pictures. Asked for again when they have been loaded. */
export function fitPictures(section, body) {
  for (const image of body.querySelectorAll(ALONE)) {
    image.classList.toggle("grown", isDrawing(image) && image.naturalWidth >= LEAST_DRAWING);
  }
  if (!section.matches(".image-left, .image-right")) return;
  for (const image of body.querySelectorAll(":scope > .figure img")) {
    image.classList.toggle("whole", croppedOf(image) > (isDrawing(image) ? MOST_OF_DRAWING : MOST_CROPPED));
  }
}

const isDrawing = (image) => DRAWING.test(image.getAttribute("src"));

/** How much of a picture is not seen where it fills its box, from 0 to 1. */
function croppedOf({ naturalWidth, naturalHeight, clientWidth, clientHeight }) {
  const ratio = (naturalWidth * clientHeight) / (naturalHeight * clientWidth);
  return 1 - Math.min(ratio, 1 / ratio);
}
