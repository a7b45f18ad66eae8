"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  // --- findings: the filter is in the address, so a filtered page is a link ---
  const cards = all(".finding");
  const fields = all("[data-filter]");
  const texts = new Map();
  const textOf = (card) => {
    if (!texts.has(card)) texts.set(card, card.textContent.toLowerCase());
    return texts.get(card);
  };
  const fits = (card, field) => {
    if (!field.value) return true;
    if (field.dataset.filter === "text") return textOf(card).includes(field.value.toLowerCase());
    return card.dataset[field.dataset.filter].split("\n").includes(field.value);
  };
  const filter = () => {
    let found = 0;
    for (const card of cards) {
      card.hidden = !fields.every((field) => fits(card, field));
      found += !card.hidden;
    }
    const status = document.querySelector(".found");
    if (status) status.textContent = `${found} of ${cards.length}`;
  };
  const remember = () => {
    const chosen = fields.filter((field) => field.value);
    const said = chosen.map((field) => `${field.dataset.filter}=${encodeURIComponent(field.value)}`);
    history.replaceState(null, "", said.length ? `#find:${said.join("&")}` : "#findings");
    filter();
  };
  const recall = () => {
    const said = new URLSearchParams(location.hash.slice("#find:".length));
    for (const field of fields) field.value = said.get(field.dataset.filter) || "";
    filter();
    document.getElementById("findings").scrollIntoView();
  };
  const clear = () => {
    for (const field of fields) field.value = "";
    remember();
  };
  for (const field of fields) field.addEventListener("input", remember);
  const bar = document.querySelector(".filters");
  if (bar) {
    bar.hidden = false;
    filter();
  }

  // --- the reach picture: one way alone, and what it says in words ---
  const nameOf = (element) => element.querySelector("title").textContent;
  const ways = (element) => element.dataset.w.split(" ").filter(Boolean);
  const rowsOf = (figure, chosen) => all("tr[data-way]", figure.closest("section")).filter((row) => chosen.has(row.dataset.way));
  const forget = (figure) => {
    figure.classList.remove("alone");
    for (const one of all(".lit, [aria-current]", figure)) {
      one.classList.remove("lit");
      one.removeAttribute("aria-current");
    }
    const told = figure.querySelector(".told");
    told.replaceChildren();
    told.hidden = true;
  };
  const tell = (figure, element, rows) => {
    const told = figure.querySelector(".told");
    const close = make("button", "Show everything", "close");
    close.type = "button";
    close.addEventListener("click", () => {
      forget(figure);
      element.focus();
    });
    const title = make("p", "", "chosen");
    title.append(make("strong", nameOf(element)), close);
    const shown = rows.slice(0, element.classList.contains("entry") ? 3 : 1).map((row) => {
      const part = make("div", "", row.className);
      const head = make("p", "", "what");
      head.append(make("span", row.classList.contains("declared") ? "✓ declared" : "✕ undeclared", "state"));
      head.append(` ${row.cells[1].firstChild.textContent.trim()} ${row.cells[0].firstChild.textContent.trim()}`);
      part.append(head, row.querySelector(".path").cloneNode(true));
      return part;
    });
    const rest = rows.slice(shown.length, 40).map((row) => {
      const link = make("a", `${row.cells[0].firstChild.textContent.trim()}`);
      link.href = `#${row.id}`;
      const item = make("li", "", row.className);
      item.append(make("span", row.classList.contains("declared") ? "✓" : "✕", "state"), " ", link);
      return item;
    });
    const list = make("ul", "", "rest");
    list.append(...rest);
    const left = rows.length - shown.length - rest.length;
    if (left > 0) list.append(make("li", `and ${left} more in the list below`));
    told.replaceChildren(title, ...shown, ...(rest.length ? [make("p", "The same node also leads to", "quiet"), list] : []));
    if (!rows.length) told.append(make("p", "No way to a system leads through it.", "quiet"));
    const card = element.getAttribute("href");
    if (element.classList.contains("called") && card.includes("-t")) {
      const link = make("a", "Its worst-day card");
      link.href = card;
      told.append(link);
    }
    told.hidden = false;
  };
  const isolate = (figure, element) => {
    forget(figure);
    const chosen = new Set(ways(element));
    const node = element.classList.contains("node");
    figure.classList.add("alone");
    for (const one of all("[data-w]", figure)) {
      if (one === element || ways(one).some((way) => chosen.has(way))) one.classList.add("lit");
    }
    element.setAttribute("aria-current", "true");
    const rows = rowsOf(figure, chosen);
    if (node) rows.sort((a, b) => a.classList.contains("declared") - b.classList.contains("declared"));
    tell(figure, element, rows);
  };
  for (const figure of all("figure.reach")) {
    figure.classList.add("live");
    figure.addEventListener("click", (event) => {
      const element = event.target.closest("a[data-w]");
      if (!element || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (element.hasAttribute("aria-current")) forget(figure);
      else isolate(figure, element);
    });
  }

  // --- deep links: open what holds the target, and show its way in the picture ---
  const follow = () => {
    if (location.hash.startsWith("#find:")) return recall();
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.classList.contains("finding") && target.hidden) {
      for (const field of fields) field.value = "";
      filter();
    }
    for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    if (target.dataset.way) {
      target.querySelector("details").open = true;
      const figure = target.closest("section").querySelector("figure.reach");
      const entry = figure && all("a.entry", figure).find((one) => one.dataset.w === target.dataset.way);
      if (entry) isolate(figure, entry);
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  follow();

  // --- keys ---
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing && bar && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      bar.querySelector("input").focus();
    } else if (event.key === "Escape") {
      for (const figure of all("figure.alone")) forget(figure);
      if (typing && bar && bar.contains(typing)) clear();
    }
  });
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details.fold:not([open]), details.sheet:not([open])");
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });
})();
