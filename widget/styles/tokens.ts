// Three tiers. Public `--inlay-*` properties (a host sets them, anywhere above the element) feed the semantic ones,
// and components read nothing else. `light-dark()` follows the element's color-scheme, which `theme` decides.
import { css } from "lit";

/**
 * The semantic tokens, declared once on each element that the host placed; what stands inside inherits them.
 *
 * @cssproperty --inlay-color-accent - the one accent: primary buttons, focus, selection
 * @cssproperty --inlay-color-on-accent - text on the accent (default: black or white, whichever has 4.5:1 on it)
 * @cssproperty --inlay-color-background - behind everything (default: none, the page shows through)
 * @cssproperty --inlay-color-surface - cards, rows and controls
 * @cssproperty --inlay-color-overlay - dialogs, menus and toasts
 * @cssproperty --inlay-color-sunken - wells, hovered rows, code
 * @cssproperty --inlay-color-text - text
 * @cssproperty --inlay-color-text-muted - secondary text
 * @cssproperty --inlay-color-border - hairlines
 * @cssproperty --inlay-color-border-strong - the edge of a control
 * @cssproperty --inlay-color-success - what went well
 * @cssproperty --inlay-color-warning - what needs a look
 * @cssproperty --inlay-color-danger - what failed, and what destroys
 * @cssproperty --inlay-color-focus - the focus ring
 * @cssproperty --inlay-font-family - default: the page's
 * @cssproperty --inlay-font-mono - identifiers, code, payloads
 * @cssproperty --inlay-font-size - body text, 14px; every other size follows it
 * @cssproperty --inlay-radius - controls, 7px; cards and dialogs follow it
 * @cssproperty --inlay-space - the unit of the grid, 4px
 * @cssproperty --inlay-shadow-raised - a hovered card
 * @cssproperty --inlay-shadow-overlay - dialogs, menus and toasts
 * @cssproperty --inlay-duration - of a transition, 150ms; 0s where the user asks for reduced motion
 */
export const tokens = css`
  :host {
    --_accent: var(--inlay-color-accent, light-dark(#4650dd, #5a63ea));
    --_on-accent: var(
      --inlay-color-on-accent,
      color(
        from var(--_accent) srgb-linear clamp(0, (0.179 - (0.2126 * r + 0.7152 * g + 0.0722 * b)) * 1000000, 1)
          clamp(0, (0.179 - (0.2126 * r + 0.7152 * g + 0.0722 * b)) * 1000000, 1)
          clamp(0, (0.179 - (0.2126 * r + 0.7152 * g + 0.0722 * b)) * 1000000, 1)
      )
    );
    --_accent-hover: color-mix(in oklab, var(--_accent) 90%, color(from var(--_on-accent) srgb calc(1 - r) calc(1 - g) calc(1 - b)));
    --_accent-text: light-dark(oklch(from var(--_accent) min(l, 0.5) c h), oklch(from var(--_accent) max(l, 0.78) min(c, 0.13) h));
    --_accent-soft: light-dark(oklch(from var(--_accent) 0.965 min(c, 0.018) h), oklch(from var(--_accent) 0.27 min(c, 0.055) h));

    --_background: var(--inlay-color-background, light-dark(#fff, #131316));
    --_surface: var(--inlay-color-surface, light-dark(#fff, #19191d));
    --_overlay: var(--inlay-color-overlay, light-dark(#fff, #1f1f24));
    --_sunken: var(--inlay-color-sunken, light-dark(#f5f5f8, #222228));
    --_text: var(--inlay-color-text, light-dark(#1a1a21, #eeeef1));
    --_muted: var(--inlay-color-text-muted, light-dark(#5b5b67, #a5a5b1));
    --_border: var(--inlay-color-border, light-dark(#e5e5ea, #2c2c33));
    --_border-strong: var(--inlay-color-border-strong, light-dark(#c9c9d1, #45454f));
    --_track: light-dark(#85858f, #6d6d78);
    --_scrim: light-dark(rgb(20 20 28 / 32%), rgb(0 0 0 / 58%));

    --_success: var(--inlay-color-success, light-dark(#136c3f, #62d29b));
    --_warning: var(--inlay-color-warning, light-dark(#855000, #eeb75b));
    --_danger: var(--inlay-color-danger, light-dark(#b02525, #ff918b));
    --_success-soft: light-dark(oklch(from var(--_success) 0.965 min(c, 0.025) h), oklch(from var(--_success) 0.27 min(c, 0.04) h));
    --_warning-soft: light-dark(oklch(from var(--_warning) 0.965 min(c, 0.03) h), oklch(from var(--_warning) 0.27 min(c, 0.04) h));
    --_danger-soft: light-dark(oklch(from var(--_danger) 0.965 min(c, 0.018) h), oklch(from var(--_danger) 0.27 min(c, 0.055) h));
    --_danger-fill: light-dark(#c22f2f, #c93a3a);
    --_focus: var(--inlay-color-focus, light-dark(oklch(from var(--_accent) min(l, 0.58) c h), oklch(from var(--_accent) max(l, 0.68) c h)));

    --_font: var(--inlay-font-family, inherit);
    --_mono: var(--inlay-font-mono, ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace);
    --_size: var(--inlay-font-size, 14px);
    --_size-xs: calc(var(--_size) * 0.857);
    --_size-s: calc(var(--_size) * 0.929);
    --_size-l: calc(var(--_size) * 1.143);
    --_size-xl: calc(var(--_size) * 1.429);

    --_space: var(--inlay-space, 4px);
    --_radius: var(--inlay-radius, 7px);
    --_radius-s: calc(var(--_radius) * 0.72);
    --_radius-l: calc(var(--_radius) * 1.57);
    --_control: calc(var(--_space) * 8.5);

    --_shadow-control: 0 1px 1px light-dark(rgb(20 20 40 / 5%), rgb(0 0 0 / 25%));
    --_shadow-raised: var(
      --inlay-shadow-raised,
      0 1px 2px light-dark(rgb(20 20 40 / 5%), rgb(0 0 0 / 30%)),
      0 4px 12px light-dark(rgb(20 20 40 / 6%), rgb(0 0 0 / 25%))
    );
    --_shadow-overlay: var(
      --inlay-shadow-overlay,
      0 0 0 1px light-dark(rgb(20 20 40 / 7%), rgb(255 255 255 / 7%)),
      0 12px 40px light-dark(rgb(20 20 40 / 18%), rgb(0 0 0 / 55%))
    );
    --_duration: var(--inlay-duration, 150ms);
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --_duration: 0s;
    }
  }
`;
