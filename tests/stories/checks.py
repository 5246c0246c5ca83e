"""What must be true of any page: axe-core, the frame, reflow, targets. Each check gives faults in words, or nothing."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN_AXE = """async ([tags, without]) => {
    const rules = Object.fromEntries(without.map((id) => [id, {enabled: false}]));
    const found = await axe.run(document, {runOnly: tags, rules, resultTypes: ["violations"], selectors: false});
    return found.violations.map((one) => `${one.id}: ` + one.nodes.map((node) => node.html.slice(0, 160)).join(" | "));
}"""

_FRAME = """(language) => {
    const faults = [];
    if (document.documentElement.lang !== language) faults.push(`lang is ${document.documentElement.lang}`);
    if (document.querySelectorAll("h1").length !== 1) faults.push(`${document.querySelectorAll("h1").length} h1`);
    // A page for residents does not say ETF on a telephone that others may see (messages.md 4.1).
    if (!/– (ETF|Gemeente Rotterdam|City of Rotterdam)$/.test(document.title)) faults.push(`title ${document.title}`);
    for (const field of document.querySelectorAll("[placeholder]"))
        if (field.type !== "search") faults.push(`placeholder at ${field.name}`);
    const hidden = (label) => label.classList.contains("visually-hidden");
    for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        const label = field.labels[0];
        if (!label) faults.push(`no label: ${field.name}`);
        else if (["radio", "checkbox"].includes(field.type) || hidden(label) || !field.offsetParent) continue;
        else if (label.getBoundingClientRect().bottom > field.getBoundingClientRect().top + 1)
            faults.push(`label not above ${field.name}`);
    }
    return faults;
}"""

_SIDEWAYS = """() => {
    const room = innerWidth, wide = document.scrollingElement.scrollWidth;
    if (wide <= room) return [];
    const inScroller = (one) => {
        for (let box = one.parentElement; box; box = box.parentElement)
            if (box !== document.body && ["auto", "scroll", "hidden"].includes(getComputedStyle(box).overflowX)) return true;
        return false;
    };
    const out = [...document.querySelectorAll("body *")].filter(
        (one) => one.getBoundingClientRect().right > room + 1 && !inScroller(one));
    return [`${wide} px wide in ${room}: ` + out.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")];
}"""

_SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    "button, select, summary, .btn, input:not([type=hidden]), .etf-bottom a, .etf-chips a")]
    .map((one) => [["radio", "checkbox"].includes(one.type) ? one.closest(".form-check, .etf-slot") ?? one : one, one])
    .filter(([box]) => box.offsetParent && box.getBoundingClientRect().height)
    .filter(([box]) => box.getBoundingClientRect().height < least - 0.5)
    .map(([box, one]) => `${Math.round(box.getBoundingClientRect().height)} px high: ${one.outerHTML.slice(0, 120)}`)"""

_SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
        p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
    const faults = [];
    for (const one of document.querySelectorAll("main *, header *")) {
        const style = getComputedStyle(one);
        if (one.closest(".visually-hidden, thead, option, select, svg") || !one.textContent.trim()) continue;
        if (["hidden", "clip"].includes(style.overflowY) && one.scrollHeight > one.clientHeight + 1)
            faults.push(`clipped: ${one.outerHTML.slice(0, 120)}`);
    }
    return faults;
}"""
_OWN_SPACING = "() => { document.adoptedStyleSheets = []; }"


def axe(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE)
    return page.evaluate(_RUN_AXE, [TAGS, list(without)])


def frame(page: Page, language: str = "nl") -> list[str]:
    """One h1, a title that ends in who we are, the right language, and a visible label above every field (look.md 6.12)."""
    return page.evaluate(_FRAME, language)


def reflow(page: Page, width: int) -> list[str]:
    """Nothing scrolls sideways but a table in its own frame."""
    page.set_viewport_size({"width": width, "height": 740})
    return page.evaluate(_SIDEWAYS)


def small_targets(page: Page, least: int = 44) -> list[str]:
    """Buttons, fields and menus are high enough for a finger; axe looks at the 24 px of links."""
    return page.evaluate(_SMALL_TARGETS, least)


def text_spacing(page: Page) -> list[str]:
    """With the spacing of WCAG 1.4.12 nothing is cut off or pushed sideways."""
    faults = page.evaluate(_SPACING) + page.evaluate(_SIDEWAYS)
    page.evaluate(_OWN_SPACING)
    return faults


def report(faults: dict[str, list[str]]) -> str:
    """Faults per page, one a line; empty when there are none."""
    return "\n".join(f"{page}\n    " + "\n    ".join(found) for page, found in faults.items() if found)
