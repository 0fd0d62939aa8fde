"use strict";
// The drawing: vis-network with places computed beforehand, column headings and line labels.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const chart = read("chart");
chart.nodes = Object.fromEntries(chart.nodes);
chart.links = Object.fromEntries(chart.links); // in the order of their numbers
let language = 0; // 0 English, 1 Chinese
const word = (key) => chart.words[key][language];

const marks = new vis.DataSet(read("nodes").map(({ picture, ...node }) => ({
  ...node, image: chart.pictures[picture], title: chart.nodes[node.id].caption[0],
})));
const lines = new vis.DataSet(read("edges").map((edge) => ({
  ...edge, title: chart.links[edge.id].caption[0],
})));
const stage = document.getElementById("canvas");
const network = new vis.Network(stage, { nodes: marks, edges: lines }, JSON.parse(read("options")));
const font = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

// Large sums claim the room for their labels first.
const labelled = Object.entries(chart.links)
  .filter(([, link]) => link.short)
  .sort(([a, one], [b, other]) => other.weight - one.weight || (a < b ? -1 : 1));
const headingsAt = Math.min(...marks.map((mark) => mark.y)) - 96;
const CLOSE = 0.7;
let chosen = { kind: null, id: null };

network.on("beforeDrawing", (context) => {
  drawHeadings(context);
  if (chosen.kind === "node") drawRing(context, network.getPosition(chosen.id));
});
network.on("afterDrawing", (context) => drawLabels(context));

function drawHeadings(context) {
  // Headings keep their size on the screen, but never grow into each other.
  const size = Math.min(30, Math.max(17, 12 / network.getScale()));
  context.font = `600 ${size}px ${font}`;
  context.fillStyle = "#57606a";
  context.textAlign = "center";
  context.textBaseline = "bottom";
  chart.bands.forEach((band, at) => {
    const room = Math.min(...[at - 1, at + 1].filter((near) => chart.bands[near])
      .map((near) => Math.abs(chart.bands[near].x - band.x)), 900) - 16;
    wrapped(context, band.says[language], room).reverse()
      .forEach((text, row) => context.fillText(text, band.x, headingsAt - row * size * 1.2));
  });
}

function wrapped(context, text, room) {
  const rows = [""];
  for (const part of text.split(/(?<=[ 、])/)) {
    const longer = rows[rows.length - 1] + part;
    if (context.measureText(longer).width > room && rows[rows.length - 1]) rows.push(part);
    else rows[rows.length - 1] = longer;
  }
  return rows;
}

function drawRing(context, at) {
  context.beginPath();
  context.arc(at.x, at.y, 40, 0, 2 * Math.PI);
  context.fillStyle = "#ddf0ff";
  context.fill();
  context.lineWidth = 4;
  context.strokeStyle = "#0b5cad";
  context.stroke();
}

// Amounts and counts stand on their lines where there is room; the panel and the table have all.
function drawLabels(context) {
  const scale = network.getScale();
  const size = Math.min(17, Math.max(12, 9 / scale));
  if (size * scale < 6) return;
  const corner = network.DOMtoCanvas({ x: 0, y: 0 });
  const far = network.DOMtoCanvas({ x: stage.clientWidth, y: stage.clientHeight });
  const taken = marks.get({ filter: (mark) => !mark.hidden }).map((mark) => footprint(context, mark));
  context.font = `${size}px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const chosenFirst = [...labelled].sort(([a], [b]) => (b === chosen.id) - (a === chosen.id));
  for (const [id, link] of chosenFirst) {
    const edge = network.body.edges[id];
    if (!edge.connected || edge.options.hidden) continue;
    // From afar only the money is labelled, and what the reader has chosen.
    if (scale < CLOSE && !link.weight && chosen.id !== id) continue;
    const wide = context.measureText(link.short).width / 2 + 3;
    for (const share of [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78]) {
      const { x, y } = edge.edgeType.getPoint(share);
      const box = [x - wide, y - size * 0.6, x + wide, y + size * 0.6];
      const outside = x < corner.x || y < corner.y || x > far.x || y > far.y;
      if (outside || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      context.fillStyle = "rgba(255, 255, 255, 0.88)";
      context.fillRect(box[0], box[1], box[2] - box[0], box[3] - box[1]);
      context.fillStyle = "#1b1f24";
      context.fillText(link.short, x, y);
      break;
    }
  }
}

// The room of a mark with its caption, which is two lines of 15 pixels at most.
function footprint(context, { x, y, label }) {
  context.font = `15px ${font}`;
  const wide = Math.max(32, ...label.split("\n").map((text) => context.measureText(text).width / 2));
  return [x - wide, y - 32, x + wide, y + 64];
}

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

function mark(kind, id) {
  chosen = { kind, id };
  if (kind === "node") network.selectNodes([id]);
  else if (kind === "link") network.setSelection({ nodes: [], edges: [id] }, { highlightEdges: false });
  else network.unselectAll();
  network.redraw();
}

// Bring a mark, or the middle of a line, into view without changing the reader's scale much.
function bringIntoView(kind, id) {
  const ends = kind === "node" ? [id] : [chart.links[id].from, chart.links[id].to];
  const places = ends.map((end) => network.getPosition(end));
  const position = {
    x: places.reduce((sum, at) => sum + at.x, 0) / places.length,
    y: places.reduce((sum, at) => sum + at.y, 0) / places.length,
  };
  // The panel opens over the right side.
  const offset = { x: stage.clientWidth > 840 ? -210 : 0, y: 0 };
  network.moveTo({ position, offset, scale: Math.max(network.getScale(), 0.75) });
}

// Show the whole chart with its headings, which the library's own fit does not know of.
function showWhole() {
  const xs = marks.map((mark) => mark.x);
  const ys = marks.map((mark) => mark.y);
  const [left, right] = [Math.min(...xs) - 110, Math.max(...xs) + 110];
  const [high, low] = [headingsAt - 70, Math.max(...ys) + 90];
  network.moveTo({
    position: { x: (left + right) / 2, y: (high + low) / 2 },
    scale: Math.min(stage.clientWidth / (right - left), stage.clientHeight / (low - high), 1.2),
  });
}

function captionsInLanguage() {
  marks.update(marks.getIds().map((id) => {
    const caption = chart.nodes[id].caption[language];
    return { id, label: caption, title: caption };
  }));
  lines.update(lines.getIds().map((id) => ({ id, title: chart.links[id].caption[language] })));
}
