// Draws the data of the page and runs the list beside the map. All words come from the data and are set as text, never as HTML.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  function textElement(text) {
    var element = document.createElement("div");
    element.textContent = text;
    return element;
  }
  // Leaflet takes the names of layers and the attribution as HTML.
  function escaped(text) { return textElement(text).innerHTML; }

  var map = L.map("map", { preferCanvas: true, maxZoom: 21, zoomSnap: 0.25, zoomDelta: 0.5 });
  map.fitBounds(data.bounds, { padding: [24, 24] });
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(escaped(data.attribution));
  L.control.scale({ imperial: false }).addTo(map);

  var switches = L.control.layers({}, {}, { collapsed: false }).addTo(map);
  data.layers.forEach(function (layer) {
    var drawn = L.geoJSON({ type: "FeatureCollection", features: layer.features }, {
      style: function (feature) { return feature.properties.style; },
      pointToLayer: function (feature, at) { return L.circleMarker(at, { radius: 5 }); }
    });
    if (layer.has_text) {
      drawn.bindPopup(function (shape) { return textElement(shape.feature.properties.text); }, { maxWidth: 340 });
    }
    switches.addOverlay(drawn, escaped(layer.name));
    if (layer.shown) { drawn.addTo(map); }
  });

  var mark = null;
  function show(button) {
    var box = JSON.parse(button.getAttribute("data-box"));
    map.fitBounds(box, { maxZoom: 18, padding: [40, 40] });
    if (mark) { map.removeLayer(mark); }
    mark = L.rectangle(L.latLngBounds(box).pad(0.05), { color: "#000", weight: 2, dashArray: "6 4", fill: false, interactive: false });
    mark.addTo(map);
  }
  var buttons = Array.prototype.slice.call(document.querySelectorAll("#list button"));
  buttons.forEach(function (button) {
    if (button.hasAttribute("data-box")) { button.addEventListener("click", function () { show(button); }); }
  });
  document.getElementById("find").addEventListener("input", function (event) {
    var wanted = event.target.value.toLowerCase();
    buttons.forEach(function (button) {
      button.parentNode.hidden = button.textContent.toLowerCase().indexOf(wanted) < 0;
    });
  });
})();
