"use strict";
// The page around the drawing: selection, search, filters, the table of lines, the language.

const byId = (id) => document.getElementById(id);
const rowOf = {};

function select(kind, id, { view = false, wanted = null, fromTable = false } = {}) {
  mark(kind, id);
  if (kind && view) bringIntoView(kind, id);
  for (const row of Object.values(rowOf)) row.setAttribute("aria-selected", "false");
  if (kind === "link") {
    rowOf[id].setAttribute("aria-selected", "true");
    if (!fromTable) setTabStop(rowOf[id]);
  }
  showPanel({ kind, id, wanted });
}

network.on("click", ({ nodes, edges }) => {
  if (nodes.length) select("node", nodes[0]);
  else if (edges.length) select("link", edges[0]);
  else select(null, null);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") select(null, null);
});

// -- search: over every name, number and property, of the members of stacks too

const entries = [
  ...Object.entries(chart.nodes).flatMap(([id, node]) => node.members.map((member) => ({
    kind: "node", id, wanted: member.id, name: member.name, says: () => chart.nodes[id].caption[language].split("\n")[0],
    text: [member.id, member.name, ...member.properties.map(([, value]) => value)].join("\n").toLowerCase(),
  }))),
  ...Object.entries(chart.links).flatMap(([id, link]) => link.events.filter((event) => event.number).map((event) => ({
    kind: "link", id, name: `${event.number} · ${event.amount}`, says: () => `${event.from} → ${event.to}`,
    text: [event.number, event.amount, ...event.properties.map(([, value]) => value)].join("\n").toLowerCase(),
  }))),
];
const search = byId("search");
const results = byId("results");
let at = 0;

function find() {
  const wanted = search.value.trim().toLowerCase();
  const found = wanted ? entries.filter((entry) => entry.text.includes(wanted)) : [];
  at = 0;
  results.replaceChildren(
    make("p", {}, found.length ? `${found.length} ${word("found")}` : word("nothing")),
    ...found.slice(0, 40).map((entry, index) => make("button", {
      type: "button", role: "option", tabindex: "-1", "aria-selected": String(index === 0), onclick: () => take(entry),
    }, entry.name, make("small", {}, entry.says()))));
  results.hidden = !wanted;
  search.setAttribute("aria-expanded", String(!results.hidden));
}

function take(entry) {
  results.hidden = true;
  search.setAttribute("aria-expanded", "false");
  select(entry.kind, entry.id, { view: true, wanted: entry.wanted });
}

search.addEventListener("input", find);
search.addEventListener("focus", () => { if (search.value) find(); });
search.addEventListener("keydown", (event) => {
  const options = results.querySelectorAll("button");
  if (event.key === "Escape") results.hidden = true;
  else if (event.key === "Enter" && options[at]) options[at].click();
  else if (options.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    at = (at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    options[at].scrollIntoView({ block: "nearest" });
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) results.hidden = true;
});

// -- filters

const off = { roles: new Set(), types: new Set(), bases: new Set() };
const undated = (link) => link.events.every((event) => event.ms === null);

function inPeriod(link, since, until) {
  return undated(link) || link.events.some((event) => event.ms !== null && event.ms >= since && event.ms < until);
}

// Days are days of the chart's zone.
const midnight = (day) => Date.parse(`${day}T00:00:00${chart.zone.slice(3)}`);

// The library lays everything out anew for each update, so it hears of real changes only.
function changed(set, wanted) {
  const news = wanted.filter(({ id, hidden }) => Boolean(set.get(id).hidden) !== hidden);
  if (news.length) set.update(news);
}

function filter() {
  const since = byId("since").value ? midnight(byId("since").value) : -Infinity;
  const until = byId("until").value ? midnight(byId("until").value) + 86400000 : Infinity;
  const hiddenMark = (id) => off.roles.has(chart.nodes[id].roles[0]);
  changed(marks, marks.getIds().map((id) => ({ id, hidden: hiddenMark(id) })));
  let shown = 0;
  let staying = 0;
  changed(lines, lines.getIds().map((id) => {
    const link = chart.links[id];
    const hidden = off.types.has(link.type) || off.bases.has(link.basis)
      || hiddenMark(link.from) || hiddenMark(link.to) || !inPeriod(link, since, until);
    rowOf[id].hidden = hidden;
    shown += hidden ? 0 : 1;
    staying += !hidden && undated(link) ? 1 : 0;
    return { id, hidden };
  }));
  const all = Object.keys(chart.links).length;
  const limited = Number.isFinite(since) || Number.isFinite(until);
  byId("counts").textContent = `${shown} ${word("shown")} ${all}${limited ? `; ${staying} ${word("undated")}` : ""}`;
  const open = [...byId("links").rows].find((row) => !row.hidden);
  if (open && !byId("links").querySelector('tr[tabindex="0"]:not([hidden])')) setTabStop(open);
}

function choice(list, key, picture, text, count) {
  const box = make("input", { type: "checkbox", value: key });
  box.checked = !off[list].has(key);
  box.addEventListener("change", () => {
    off[list][box.checked ? "delete" : "add"](key);
    filter();
  });
  return make("li", {}, make("label", {}, box, picture, make("span", {}, text), make("small", {}, String(count))));
}

// A sample of a line for the legend; the dashes are those of the drawing.
function sample(basis, heavy) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const dashes = { recorded: "none", stated: "7 4", inferred: "2 4" };
  svg.setAttribute("viewBox", "0 0 34 12");
  svg.setAttribute("height", "12");
  path.setAttribute("d", "M1 6H33M28 2L33 6L28 10");
  for (const [name, value] of Object.entries({
    fill: "none", stroke: heavy ? "#1b1f24" : "#767676", "stroke-width": heavy ? "2.4" : "1.4", "stroke-dasharray": dashes[basis],
  })) path.setAttribute(name, value);
  svg.append(path);
  return svg;
}

function legend() {
  const count = (test) => Object.values(chart.links).filter(test).length;
  const held = (role) => Object.values(chart.nodes).filter((node) => node.roles[0] === role)
    .reduce((sum, node) => sum + node.members.length, 0);
  byId("roles").replaceChildren(...chart.roles.map(([role, ...names]) => choice(
    "roles", role, make("img", { src: chart.pictures[role], alt: "" }), names[language], held(role))));
  byId("types").replaceChildren(...chart.types.map(([type, ...names]) => choice(
    "types", type, sample("recorded", type === "PAYMENT"), names[language], count((link) => link.type === type))));
  byId("bases").replaceChildren(...chart.bases.map((basis) => choice(
    "bases", basis, sample(basis, true), `${word(basis)}: ${word(`${basis}_says`)}`,
    count((link) => link.basis === basis))));
}

// -- the table: one stop for Tab, arrow keys within

function setTabStop(row) {
  byId("links").querySelectorAll('tr[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
  row.tabIndex = 0;
}

function table() {
  const names = Object.fromEntries(chart.types.map(([type, ...both]) => [type, both]));
  byId("links").replaceChildren(...Object.entries(chart.links).map(([id, link], index) => {
    const [from, to] = [link.from, link.to].map((end) => chart.nodes[end].caption[language].replace("\n", " · "));
    const places = link.evidence.slice(0, 3).join(", ") + (link.evidence.length > 3 ? ` … (${link.evidence.length})` : "");
    const cells = [index + 1, names[link.type][language], from, to, link.when, link.amount, link.count,
      word(link.basis), places].map((text) => make("td", {}, String(text)));
    rowOf[id] = make("tr", { tabindex: "-1", "data-id": id, "aria-selected": "false" }, ...cells);
    return rowOf[id];
  }));
}

byId("links").addEventListener("focusin", (event) => {
  const row = event.target.closest("tr");
  setTabStop(row);
  select("link", row.dataset.id, { view: true, fromTable: true });
});
byId("links").addEventListener("keydown", (event) => {
  const rows = [...byId("links").rows].filter((row) => !row.hidden);
  const here = rows.indexOf(event.target.closest("tr"));
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (next === undefined || !rows[next]) return;
  event.preventDefault();
  rows[next].focus();
});

// -- language and start

function speak() {
  document.documentElement.lang = ["en", "zh-CN"][language];
  document.querySelectorAll("[data-say]").forEach((element) => { element.textContent = word(element.dataset.say); });
  search.placeholder = word("search");
  search.setAttribute("aria-label", word("search"));
  stage.setAttribute("aria-label", word("chart_says"));
  byId("zone").textContent = `(${chart.zone})`;
  byId("notes").replaceChildren(...chart.notes.map((note) => make("li", {}, note[language])));
  legend();
  table();
  filter();
  showPanel();
}

byId("language").addEventListener("click", () => {
  language = 1 - language;
  captionsInLanguage();
  speak();
  select(showing.kind, showing.id, { wanted: showing.wanted });
});
byId("whole").addEventListener("click", showWhole);
byId("print").addEventListener("click", () => window.print());
byId("reset").addEventListener("click", () => {
  Object.values(off).forEach((set) => set.clear());
  byId("since").value = byId("until").value = "";
  speak();
});
["since", "until"].forEach((id) => byId(id).addEventListener("change", filter));

speak();
showWhole();
network.once("afterDrawing", () => { document.documentElement.dataset.ready = "1"; });
