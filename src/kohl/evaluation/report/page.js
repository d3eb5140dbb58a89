"use strict";
const block = document.getElementById("pictures");
const pictures = block ? JSON.parse(block.textContent) : {};
for (const image of document.querySelectorAll("img[data-picture]")) {
  image.src = pictures[image.dataset.picture];
}
for (const slider of document.querySelectorAll(".compare input")) {
  const show = () => slider.parentElement.style.setProperty("--cut", slider.value + "%");
  slider.addEventListener("input", show);
  // Browsers bring back where a slider stood when a page is reloaded.
  show();
}
