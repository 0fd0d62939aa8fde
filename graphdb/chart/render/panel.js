"use strict";
// The panel beside the chart: what is known of a mark or line, and the rows that say so.
// All text enters the page as text; nothing here writes markup.

const panel = document.getElementById("panel");
const FEW = 12;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

// Show a list in portions, so that three thousand rows do not stop the page.
function portions(items, one, few = FEW) {
  const box = make("div");
  let shown = 0;
  const more = make("button", { type: "button", onclick: () => extend(50) });
  function extend(count) {
    more.remove();
    items.slice(shown, shown + count).forEach((item) => box.append(one(item)));
    shown = Math.min(items.length, shown + count);
    if (shown < items.length) {
      more.textContent = `${word("more")} (${shown} / ${items.length})`;
      box.append(more);
    }
  }
  extend(few);
  return box;
}

const pairs = (list) => make("dl", {}, ...list.flatMap(([name, value]) => [
  make("dt", {}, (chart.property_names[name] || [name, name])[language]), make("dd", {}, value),
]));

const part = (key, count, content) =>
  count ? [make("h4", {}, `${word(key)}${count > 1 ? ` (${count})` : ""}`), content] : [];

function sourceRow(place) {
  const source = chart.sources[place];
  if (!source) return make("div", { class: "card" }, `${place} · ${word("not_quoted")}`);
  const [head, ...cells] = source;
  const { file, sha256, columns } = chart.files[head];
  const digest = make("small", { title: `SHA-256 ${sha256}` }, `${file} · SHA-256 ${sha256.slice(0, 12)}…`);
  const list = make("dl", {}, ...columns.flatMap((name, at) => [make("dt", {}, name), make("dd", {}, cells[at])]));
  return make("div", { class: "card row", "data-place": place }, make("header", {}, place, digest), list);
}

function findingCard(number) {
  const { pack, level, key, innocents } = chart.findings[number];
  return make("div", { class: "card finding" },
    make("header", {}, pack, make("small", {}, `${level} · ${key}`)),
    innocents.length ? make("h4", {}, word("innocent")) : null,
    ...innocents.map(([says, check]) => make("p", {}, says[language],
      make("small", {}, ` (${word("check")}: ${check[language]})`))));
}

function eventCard(event, link) {
  const stated = [event.from, event.to].join(" → ");
  const times = event.at ? [[chart.zone, event.at], ["UTC", event.utc]] : [];
  return make("div", { class: "card event" },
    make("header", {}, event.amount || event.number || link.caption[language].split(" · ")[0],
      make("small", {}, stated)),
    pairs([...(event.number ? [["id", event.number]] : []), ...times, ...event.properties,
      [word("evidence"), event.evidence.join(", ")]]));
}

function memberCard(member, wanted) {
  return make("div", { class: member.id === wanted ? "card wanted" : "card" },
    make("header", {}, member.name), pairs([["id", member.id], ...member.properties]));
}

function linkButton(id) {
  const link = chart.links[id];
  const ends = [link.from, link.to].map((end) => chart.nodes[end].caption[language].split("\n")[0]);
  return make("button", { type: "button", class: "line", onclick: () => select("link", id, { view: true }) },
    link.caption[language], make("small", {}, ends.join(" → ")));
}

const unique = (lists) => [...new Set(lists.flat())];

function nodeParts(id, wanted) {
  const node = chart.nodes[id];
  const touching = Object.keys(chart.links).filter((key) => [chart.links[key].from, chart.links[key].to].includes(id));
  const stack = node.members.length > 1;
  // What was searched for stands first.
  const members = [...node.members].sort((a, b) => (b.id === wanted) - (a.id === wanted));
  const places = unique([...node.members.map((member) => member.evidence),
    ...touching.map((key) => chart.links[key].evidence)]);
  const names = unique([...node.roles.map((role) => chart.role_names[role][language]), chart.labels[node.label][language]]);
  return [
    make("h3", {}, node.caption[language]),
    make("p", { class: "role" }, names.join(" · ")),
    ...(stack ? part("members", members.length, portions(members, (one) => memberCard(one, wanted)))
      : part("properties", 1, pairs([["id", members[0].id], ...members[0].properties]))),
    ...part("findings", node.findings.length, portions(node.findings, findingCard, 3)),
    ...part("links_here", touching.length, portions(touching, linkButton)),
    ...part("rows", places.length, portions(places, sourceRow)),
  ];
}

function linkParts(id) {
  const link = chart.links[id];
  const ends = [link.from, link.to].map((end) => make("button", {
    type: "button", class: "line", onclick: () => select("node", end, { view: true }),
  }, chart.nodes[end].caption[language].replace("\n", " · ")));
  return [
    make("h3", {}, link.caption[language]),
    make("p", { class: "role" }, make("span", { class: `basis-${link.basis}` }, word(link.basis)),
      ` – ${word(`${link.basis}_says`)}`),
    ...part("source", 1, ends[0]), ...part("target", 1, ends[1]),
    ...part("events", link.events.length, portions(link.events, (event) => eventCard(event, link))),
    ...part("rows", link.evidence.length, portions(link.evidence, sourceRow)),
    ...part("findings", link.findings.length, portions(link.findings, findingCard, 3)),
  ];
}

let pinned = [];

function article(kind, id, wanted, isPinned) {
  const parts = kind === "node" ? nodeParts(id, wanted) : linkParts(id);
  const same = (one) => one.kind === kind && one.id === id;
  const pin = () => {
    pinned = isPinned ? pinned.filter((one) => !same(one)) : [...pinned, { kind, id, wanted }];
    showPanel();
  };
  const close = () => {
    pinned = pinned.filter((one) => !same(one));
    select(null, null);
  };
  return make("article", { "data-id": id },
    make("div", { class: "bar" },
      make("button", { type: "button", onclick: pin }, word(isPinned ? "unpin" : "pin")),
      make("button", { type: "button", class: "close", onclick: close }, word("close"))),
    ...parts);
}

let showing = { kind: null, id: null, wanted: null };

function showPanel(next = showing) {
  showing = next;
  const kept = pinned.filter((one) => one.kind !== showing.kind || one.id !== showing.id);
  const current = showing.kind ? [article(showing.kind, showing.id, showing.wanted,
    kept.length !== pinned.length)] : [];
  panel.replaceChildren(...current, ...kept.map((one) => article(one.kind, one.id, one.wanted, true)));
  panel.hidden = !panel.childElementCount;
  panel.scrollTop = 0;
}
