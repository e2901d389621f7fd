// The list beside the map: filter it, and a click shows the place.
(function (map, attribution) {
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(attribution);
  L.control.scale({ imperial: false }).addTo(map);
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
})(__MAP__, __ATTRIBUTION__);
