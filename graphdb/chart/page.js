"use strict";
// The page around the chart. All text of evidence is set as text, never as HTML.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const facts = read("facts"), drawn = read("drawn"), by = (id) => document.getElementById(id);
  const ROWS_IN_PANEL = 50, ZONE_MS = 8 * 3600 * 1000, FAINT = 0.12;
  const nodeOf = new Map(facts.nodes.map((node) => [node.id, node]));
  const linkOf = new Map(facts.links.map((link) => [link.id, link]));
  const stackOf = new Map();
  facts.nodes.forEach((node) => node.members.forEach((id) => stackOf.set(id, node.id)));
  let language = 0, chosen = null;
  const off = { node: new Set(), type: new Set(), basis: new Set(), from: "", to: "" };

  const word = (kind, name) => {
    const pair = (facts.words[kind] || {})[name];
    return pair ? pair[language] : name;
  };
  const page = (name) => word("page", name);
  const make = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = show(text);
    if (className) element.className = className;
    return element;
  };
  // Characters that turn text around or hide are shown by their number.
  const show = (text) => String(text).replace(/[\u0000-\u0008\u000b-\u001f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
  const local = (iso) => {
    if (!iso) return "";
    const time = new Date(Date.parse(iso) + ZONE_MS).toISOString();
    return time.slice(0, 10) + " " + time.slice(11, 19);
  };
  const name = (id) => (nodeOf.get(id) || { caption: id }).caption;

  // ---- the network
  const nodes = new vis.DataSet(drawn.nodes), edges = new vis.DataSet(drawn.edges);
  const network = new vis.Network(by("chart"), { nodes, edges }, drawn.options);
  network.once("afterDrawing", () => { document.documentElement.dataset.ready = "1"; });
  network.on("selectNode", (event) => choose("node", event.nodes[0]));
  network.on("selectEdge", (event) => { if (!event.nodes.length) choose("link", event.edges[0]); });
  network.on("click", (event) => { if (!event.nodes.length && !event.edges.length) choose(null); });

  function choose(kind, id, move) {
    chosen = kind ? { kind, id } : null;
    if (kind === "node") network.selectNodes([id], true);
    if (kind === "link") network.selectEdges([id]);
    if (!kind) network.unselectAll();
    if (kind && move) {
      const ends = kind === "node" ? [id] : [linkOf.get(id).source, linkOf.get(id).target];
      network.fit({ nodes: ends, maxZoomLevel: 1 });
    }
    for (const row of by("table").tBodies[0].rows) {
      const is = kind === "link" && row.dataset.id === id;
      row.setAttribute("aria-selected", String(is));
      if (is && document.activeElement !== row) row.scrollIntoView({ block: "nearest" });
    }
    panel();
  }

  // ---- what is shown
  const lookVisible = (node) => !off.node.has(node.look);
  function linkVisible(link) {
    if (off.type.has(link.type) || off.basis.has(link.basis)) return false;
    if (!lookVisible(nodeOf.get(link.source)) || !lookVisible(nodeOf.get(link.target))) return false;
    if (!link.first) return true;
    const first = local(link.first).slice(0, 10), last = local(link.last).slice(0, 10);
    return (!off.from || last >= off.from) && (!off.to || first <= off.to);
  }
  function filter() {
    nodes.update(facts.nodes.map((node) => ({ id: node.id, hidden: !lookVisible(node) })));
    edges.update(facts.links.map((link) => ({ id: link.id, hidden: !linkVisible(link) })));
    for (const row of by("table").tBodies[0].rows) row.hidden = !linkVisible(linkOf.get(row.dataset.id));
    const undated = facts.links.filter((link) => !link.first).length;
    const note = by("undated");
    if (note) note.textContent = undated ? undated + " " + page("undated") : "";
  }

  // ---- legend and filters
  function legend() {
    const box = by("legend");
    box.replaceChildren(make("h3", page("legend")));
    const looks = new Map();
    facts.nodes.forEach((node) => {
      const entry = looks.get(node.look) || { node, count: 0 };
      entry.count += node.members.length || 1;
      looks.set(node.look, entry);
    });
    for (const [look, { node, count }] of [...looks].sort()) {
      const image = make("img");
      image.src = facts.icons[look];
      image.alt = "";
      const stack = look.endsWith("+stack") ? " ×n" : "";
      const text = (node.role ? word("role", node.role) : word("label", node.label)) + stack;
      box.append(choice("node", look, text, count, image));
    }
    box.append(make("h3", page("links")));
    for (const type of [...new Set(facts.links.map((link) => link.type))].sort()) {
      const count = facts.links.filter((link) => link.type === type).reduce((n, link) => n + link.count, 0);
      box.append(choice("type", type, word("type", type), count));
    }
    box.append(make("h3", page("basis")));
    for (const basis of ["recorded", "stated", "inferred"]) {
      const count = facts.links.filter((link) => link.basis === basis).reduce((n, link) => n + link.count, 0);
      box.append(choice("basis", basis, word("basis", basis), count, sample(basis)));
    }
    box.append(make("h3", page("times")));
    for (const end of ["from", "to"]) {
      const input = make("input");
      input.type = "date";
      input.id = end;
      input.value = off[end];
      input.setAttribute("aria-label", page("times") + " " + page(end));
      input.addEventListener("change", () => { off[end] = input.value; filter(); });
      box.append(make("div", page(end)), input);
    }
    const note = make("p");
    note.id = "undated";
    box.append(note, make("p", page("zone")));
  }
  function choice(group, key, text, count, picture) {
    const label = make("label"), input = make("input");
    input.type = "checkbox";
    input.checked = !off[group].has(key);
    input.dataset.group = group;
    input.dataset.key = key;
    input.addEventListener("change", () => { off[group][input.checked ? "delete" : "add"](key); filter(); });
    label.append(input);
    if (picture) label.append(picture);
    label.append(make("span", text), make("span", count, "count"));
    return label;
  }
  function sample(basis) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("width", "34");
    svg.setAttribute("height", "8");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    const dash = { recorded: "", stated: "8 6", inferred: "2 5" }[basis];
    Object.entries({ x1: 0, y1: 4, x2: 34, y2: 4, stroke: "#000", "stroke-width": 2, "stroke-dasharray": dash })
      .forEach(([key, value]) => line.setAttribute(key, value));
    svg.append(line);
    return svg;
  }

  // ---- the panel
  function panel() {
    const box = by("panel");
    box.replaceChildren();
    if (!chosen) { box.append(make("p", page("panel"), "note")); return; }
    const thing = chosen.kind === "node" ? nodeOf.get(chosen.id) : linkOf.get(chosen.id);
    const head = make("div", undefined, "what");
    if (chosen.kind === "node") {
      const image = make("img");
      image.src = facts.icons[thing.look];
      image.alt = "";
      head.append(image, make("span", thing.caption));
      box.append(head, terms([[word("label", thing.label), thing.id.replace(/^stack:/, "")],
        [page("role"), thing.role ? word("role", thing.role) : ""]]));
    } else {
      head.append(make("span", name(thing.source) + "  →  " + name(thing.target)));
      const when = thing.first === thing.last ? local(thing.first) : local(thing.first) + " … " + local(thing.last);
      box.append(head, terms([[page("type"), word("type", thing.type)], [page("basis"), word("basis", thing.basis)],
        [page("when"), when], ["UTC", thing.first === thing.last ? thing.first : (thing.first || "") + " … " + (thing.last || "")],
        [page("amount"), thing.amount], [page("records"), thing.count], [thing.ids.length ? "id" : "", thing.ids.join(", ")]]));
    }
    const properties = Object.entries(thing.properties).filter(([key]) => !["at", "amount", "price", "basis"].includes(key));
    if (properties.length) box.append(make("h3", page("properties")), terms(properties));
    if (thing.members && thing.members.length) {
      const list = make("ul");
      thing.members.forEach((id) => list.append(make("li", id)));
      box.append(make("h3", page("members") + " (" + thing.members.length + ")"), list);
    }
    const places = evidenceOf(thing);
    box.append(make("h3", page("sources") + " (" + places.length + ")"));
    places.slice(0, ROWS_IN_PANEL).forEach((place) => box.append(sourceRow(place)));
    if (places.length > ROWS_IN_PANEL) box.append(make("p", (places.length - ROWS_IN_PANEL) + " " + page("more") + ": "
      + places.slice(ROWS_IN_PANEL).join(", "), "note"));
    mentions(box, thing);
  }
  // A node without rows of its own is stated by the rows of its links.
  function evidenceOf(thing) {
    if (thing.evidence.length) return thing.evidence;
    const found = new Set();
    facts.links.forEach((link) => {
      if (link.source === thing.id || link.target === thing.id) link.evidence.forEach((place) => found.add(place));
    });
    return [...found];
  }
  function terms(pairs) {
    const list = make("dl");
    pairs.filter(([key, value]) => key && value !== null && value !== undefined && value !== "").forEach(([key, value]) =>
      list.append(make("dt", key), make("dd", value)));
    return list;
  }
  function sourceRow(place) {
    const source = facts.sources[place], box = make("div", undefined, "row");
    box.append(make("span", place, "place"));
    if (!source) return box;
    const hash = make("span", "SHA-256 " + source[1].slice(0, 16) + "…", "hash");
    hash.title = source[1];
    box.append(" ", make("span", source[0]), make("br"), hash, terms(source[2]));
    return box;
  }
  function mentions(box, thing) {
    const ids = new Set(chosen.kind === "node" ? [thing.id, ...thing.members] : [thing.source, thing.target]);
    const found = facts.findings.filter((finding) => finding.nodes.some((id) => ids.has(id)));
    if (!found.length) return;
    box.append(make("h3", page("findings")));
    const innocents = new Map();
    found.slice(0, 12).forEach((finding) => {
      box.append(make("div", finding.pack + " (" + finding.level + "): " + finding.key));
      finding.innocents.forEach(([says, check]) => innocents.set(says, check));
    });
    const list = make("ul");
    innocents.forEach((check, says) => list.append(make("li", page("innocent") + ": " + says + ". " + page("check") + ": " + check)));
    box.append(list);
  }

  // ---- the table: the chart for the keyboard and the screen reader
  function table() {
    const head = by("table").tHead, body = by("table").tBodies[0], row = make("tr");
    ["type", "from", "to", "when", "amount", "records", "basis", "evidence"].forEach((key) => {
      const cell = make("th", page(key));
      cell.scope = "col";
      row.append(cell);
    });
    head.replaceChildren(row);
    body.replaceChildren(...facts.links.map((link) => {
      const line = make("tr");
      line.dataset.id = link.id;
      line.tabIndex = 0;
      line.append(make("td", word("type", link.type)), make("td", name(link.source)), make("td", name(link.target)),
        make("td", local(link.first)), make("td", link.amount || "", "amount"), make("td", link.count),
        make("td", word("basis", link.basis)), make("td", link.evidence.slice(0, 3).join(", ") + (link.evidence.length > 3 ? " …" : "")));
      line.addEventListener("click", () => choose("link", link.id, true));
      line.addEventListener("focus", () => choose("link", link.id));
      line.addEventListener("keydown", (event) => {
        const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
        if (event.key === "Enter") choose("link", link.id, true);
        if (!step) return;
        let next = line[step];
        while (next && next.hidden) next = next[step];
        if (next) { event.preventDefault(); next.focus(); }
      });
      return line;
    }));
  }

  // ---- search: by name, id, property, or member of a stack
  function search(text) {
    const wanted = text.trim().toLowerCase(), found = by("found");
    if (!wanted) { found.textContent = ""; choose(null); return; }
    const exact = stackOf.get(text.trim());
    const hit = (node) => [node.id, node.caption, ...Object.values(node.properties), ...node.members]
      .some((part) => String(part).toLowerCase().includes(wanted));
    const hits = exact ? [nodeOf.get(exact)] : facts.nodes.filter(hit);
    found.textContent = hits.length ? String(hits.length) : page("nothing");
    if (hits.length) choose("node", hits[0].id, true);
  }

  function speak() {
    document.documentElement.lang = language ? "zh" : "en";
    by("language").textContent = language ? "English" : "中文";
    by("search").placeholder = page("search");
    by("search").setAttribute("aria-label", page("search"));
    by("fit").textContent = page("fit");
    by("lines-title").textContent = page("table");
    by("footer").textContent = [...facts.footnotes.map((pair) => pair[language]), page("zone") + ".", page("guilt")].join(" ");
    legend();
    table();
    filter();
    choose(chosen && chosen.kind, chosen && chosen.id);
  }
  by("language").addEventListener("click", () => { language = 1 - language; speak(); });
  by("fit").addEventListener("click", () => network.fit());
  by("search").addEventListener("change", (event) => search(event.target.value));
  by("search").addEventListener("keydown", (event) => { if (event.key === "Enter") search(event.target.value); });
  by("chart").setAttribute("aria-label", document.title);
  [...nodeOf.keys(), ...stackOf.keys()].sort().slice(0, 2000).forEach((id) => {
    const option = make("option");
    option.value = id;
    by("names").append(option);
  });
  speak();
})();
