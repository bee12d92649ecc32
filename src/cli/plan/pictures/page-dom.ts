/** The few parts of a browser's DOM that the page of `-o html` uses: kdaemon itself is compiled without the DOM's types. */
export interface PageElement {
  innerHTML: string;
  textContent: string | null;
  value: string;
  readonly clientWidth: number;
  setAttribute(name: string, value: string): void;
  getBoundingClientRect(): { readonly left: number; readonly top: number };
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

/** An event of the keyboard or a pointer. */
export interface PageEvent {
  readonly key: string;
  readonly clientX: number;
  readonly clientY: number;
  preventDefault(): void;
}

/** The window of the page. */
export interface PageWindow {
  readonly document: { getElementById(id: string): PageElement | null };
  addEventListener(type: string, listener: () => void): void;
}
