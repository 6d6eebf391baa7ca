// How a page is judged from within: each look returns what is wrong, in words or as the markup that has it.
window.looks = (() => {
  const FOCUSABLE = "a[href], button, summary, input:not([type=hidden]), select, textarea, iframe, [tabindex]";
  const tag = (one) => one.outerHTML.slice(0, 160);
  const all = (css, root = document) => [...root.querySelectorAll(css)];
  const reachable = (one) => one.tabIndex >= 0 && !one.matches(":disabled") && one.checkVisibility({ visibilityProperty: true });

  // Of radios that belong together Tab comes to one.
  const stops = () => {
    const groups = new Set();
    return all(FOCUSABLE).filter(reachable).filter((one) => {
      if (one.type !== "radio" || !one.name) return true;
      const group = all(`input[type=radio][name="${CSS.escape(one.name)}"]`).filter((it) => it.form === one.form);
      const first = group.find((it) => it.checked) ?? group.find(reachable);
      return one === first && !groups.has(first) && groups.add(first);
    });
  };

  // The colour is read back from a canvas, as the style may say it in any colour space.
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const light = (color) => {
    if (!known.has(color)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data]
        .map((c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      known.set(color, 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
    }
    return known.get(color);
  };
  const ground = (one) => {
    for (let at = one.parentElement; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\)$|\/ 0\)$|transparent/.test(color)) return light(color);
    }
    return light(matchMedia("(prefers-color-scheme: dark)").matches ? "black" : "white");
  };
  const outlined = (one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    const line = light(outlineColor), behind = ground(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && Math.max(line, behind) / Math.min(line, behind) >= 3;
  };
  // By what an element and those around it are called: one that is called as another looks as it does.
  const called = (one) => {
    const names = [];
    for (let at = one; at && names.length < 5; at = at.parentElement) names.push(`${at.tagName}.${at.className.baseVal ?? at.className}`);
    return names.join(" < ");
  };
  const news = (found, known) => {
    const old = new Set(JSON.parse(known)), fresh = new Map();
    for (const one of found) if (!old.has(called(one)) && !fresh.has(called(one))) fresh.set(called(one), one);
    return fresh;
  };
  const COLOURS = ["color-contrast", "link-in-text-block"];
  const QUICKLY = { resultTypes: ["violations"], elementRef: false, iframes: false };
  const told = ({ id, impact, nodes }) => `${id} (${impact}), ${nodes.length}: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`;
  const worded = (one) => [...one.childNodes].some((it) => it.nodeType === Node.TEXT_NODE && it.data.trim());

  return {
    arrived: () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),

    wide: (width) => (document.documentElement.scrollWidth > width ? [`${document.documentElement.scrollWidth} of ${width} px`] : []),

    large: (most) => {
      const there = document.querySelectorAll("*").length;
      return there > most ? [`${there} elements`] : [];
    },

    headings: () => {
      const found = all("h1").filter((one) => one.checkVisibility());
      return found.length === 1 ? [] : [`${found.length} h1`];
    },

    nameless: () => [
      ...all("input:not([type=hidden]), select, textarea").filter((one) => !one.labels.length),
      ...all("a, button, summary").filter((one) => !one.textContent.trim()),
    ].filter((one) => !one.ariaLabel).map(tag),

    // Whether the focus is seen at what is called as nothing known, which is JSON; and these names.
    dim: (known = "[]") => {
      const fresh = news(stops().filter((one) => one.tagName !== "IFRAME"), known);
      const found = [...fresh.values()].filter((one) => {
        one.focus({ preventScroll: true });
        return !outlined(one);
      }).map(tag);
      return [found, [...fresh.keys()]];
    },

    // What is the same on all pages is skipped first.
    first: () => (stops()[0]?.hash === "#main" ? [] : stops().slice(0, 1).map(tag)),

    // Tab leads on in the order of the page, unless a number or a script has it otherwise.
    trapped: () => stops().filter((one) => one.tagName !== "IFRAME").filter((one) => {
      one.focus({ preventScroll: true });
      const key = new KeyboardEvent("keydown", { key: "Tab", code: "Tab", bubbles: true, cancelable: true });
      return document.activeElement !== one || one.tabIndex > 0 || !one.dispatchEvent(key);
    }).map(tag),

    // How the page is built: what is repeated counts once.
    skeleton: () => {
      const bones = (one) => {
        const names = [...one.attributes].filter(({ name }) => /^(aria-|role$|type$|class$|tabindex$|open$)/.test(name))
          .map(({ name, value }) => (/^(class|role|type)$/.test(name) ? value : name));
        return `${one.localName}[${names}](${[...new Set([...one.children].map(bones))].join()})`;
      };
      return bones(document.body);
    },

    axe: async (rules) => {
      const { violations } = await axe.run(document, { ...rules, ...QUICKLY });
      return violations.map(told);
    },

    // The same for colours, where there is something that is called as nothing known; and these names.
    colours: async (known) => {
      const fresh = news(all("body *").filter((one) => worded(one) && one.checkVisibility()), known);
      if (!fresh.size) return [[], []];
      const { violations } = await axe.run({ include: [...fresh.values()] }, { runOnly: COLOURS, ...QUICKLY });
      return [violations.map(told), [...fresh.keys()]];
    },
  };
})();
