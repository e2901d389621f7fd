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

  // Shapes are steps from point to point, texts are lines with slots for their numbers (report/formats/html.py says how).
  var SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", SLOT = "\ue002";
  function reader(digits) {
    var east = 0, north = 0, unit = Math.pow(10, digits);
    return function (shape) {
      var pieces = [], next = 0;
      function number() {
        var value = 0, shift = 1, digit;
        do { digit = SIGNS.indexOf(shape[next]); value += (digit & 31) * shift; shift *= 32; next += 1; } while (digit > 31);
        return value % 2 ? -(value + 1) / 2 : value / 2;
      }
      while (next < shape.length) {
        var piece = { sign: shape[next], points: [] };
        next += 1;
        while (next < shape.length && SIGNS.indexOf(shape[next]) >= 0) {
          east += number();
          north += number();
          piece.points.push([north / unit, east / unit]);
        }
        pieces.push(piece);
      }
      return pieces;
    };
  }
  function textOf(coded) {
    if (!coded.length) { return ""; }
    var numbers = (coded[1] || "").replace(/_/g, "\u202f").split("|"), next = 0;
    return data.texts[coded[0]].map(function (line) {
      var parts = data.lines[line].split(SLOT);
      return parts.map(function (part, k) { return k ? numbers[next++] + part : part; }).join("");
    }).join("\n");
  }
  function drawn(pieces, style) {
    var rings = [], lines = [], shapes = [];
    pieces.forEach(function (piece) {
      var points = piece.points, n;
      if (piece.sign === "+") { rings.push([points]); }
      else if (piece.sign === "=") {  // the fourth corner of a parallelogram follows from three
        for (n = 0; n < points.length; n += 3) {
          var a = points[n], b = points[n + 1], c = points[n + 2];
          rings.push([[a, b, c, [a[0] + c[0] - b[0], a[1] + c[1] - b[1]]]]);
        }
      }
      else if (piece.sign === ":") { for (n = 0; n < points.length; n += 2) { lines.push([points[n], points[n + 1]]); } }
      else if (piece.sign === "!") { rings[rings.length - 1].push(points); }
      else if (piece.sign === "~") { lines.push(points); }
      else { shapes.push(L.circleMarker(points[0], L.extend({ radius: 5 }, style))); }
    });
    if (rings.length) { shapes.push(L.polygon(rings, style)); }
    if (lines.length) { shapes.push(L.polyline(lines, style)); }
    return shapes;
  }

  var switches = L.control.layers({}, {}, { collapsed: false }).addTo(map);
  data.layers.forEach(function (layer) {
    var group = L.featureGroup(), read = reader(layer.digits);
    layer.features.forEach(function (feature) {
      feature[2].split(" ").forEach(function (one) {
        drawn(read(one), layer.styles[feature[0]]).forEach(function (shape) {
          shape.coded = feature[1];
          group.addLayer(shape);
        });
      });
    });
    if (layer.has_text) {
      group.bindPopup(function (shape) { return textElement(textOf(shape.coded)); }, { maxWidth: 340 });
    }
    switches.addOverlay(group, escaped(layer.name));
    if (layer.shown) { group.addTo(map); }
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
  var groups = Array.prototype.slice.call(document.querySelectorAll("#list details"));
  document.getElementById("find").addEventListener("input", function (event) {
    var wanted = event.target.value.toLowerCase();
    groups.forEach(function (group) {
      var isNamed = group.firstChild.textContent.toLowerCase().indexOf(wanted) >= 0, found = 0;
      Array.prototype.forEach.call(group.querySelectorAll("button"), function (button) {
        var isFound = isNamed || button.textContent.toLowerCase().indexOf(wanted) >= 0;
        button.parentNode.hidden = !isFound;
        found += isFound ? 1 : 0;
      });
      group.hidden = !found;
      group.open = wanted !== "" && !isNamed;
    });
  });
})();
