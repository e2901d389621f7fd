function (feature, layer) {
  // Names come from strangers: percent-encoded, so that no template reads them, and set as text, never as markup.
  const said = document.createElement("div");
  for (const line of feature.properties.lines) {
    said.appendChild(document.createElement("div")).textContent = decodeURIComponent(line);
  }
  layer.bindTooltip(said, { sticky: true });
  if (feature.properties.credit) {
    const credit = document.createElement("span");
    credit.textContent = decodeURIComponent(feature.properties.credit);
    layer.options.attribution = credit.innerHTML;
  }
}
