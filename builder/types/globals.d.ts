// What the page's scripts find around them: libraries that the page loads, and what the DOM gives more generally than they
// know it (an event's target is an element, an element of these pages an HTML one).

declare const Reveal: any;
declare const RevealSearch: any;
declare const AsciinemaPlayer: any;
declare const katex: any;
declare const mermaid: any;
declare const Terminal: any;
declare const FitAddon: any;
declare const Unicode11Addon: any;
declare const WebLinksAddon: any;

interface Window {
  Reveal: any;
  castdeckDecks: any;
  [name: `castdeck${string}`]: any;
}

interface Event {
  readonly detail: any;
}

interface EventTarget {
  matches(selectors: string): boolean;
  closest(selectors: string): HTMLElement | null;
  readonly dataset: DOMStringMap;
  textContent: string | null;
  readonly parentElement: HTMLElement | null;
}

interface Element {
  readonly dataset: DOMStringMap;
  readonly style: CSSStyleDeclaration;
  readonly innerText: string;
  hidden: boolean | "until-found";
  hash: string;
  value: string;
  focus(options?: FocusOptions): void;
  click(): void;
  blur(): void;
}
