import css from "./Brand.module.css";

export function Brand({ large }: { large?: boolean }) {
  return (
    <span className={large ? `${css.brand} ${css.large}` : css.brand}>
      <svg viewBox="0 0 64 64" aria-hidden="true" focusable="false">
        <rect width="64" height="64" rx="16" fill="var(--accent)" />
        <path
          d="M32 49.5C20.5 41.6 13 34.8 13 26.2 13 20.1 17.6 15.5 23.4 15.5c3.5 0 6.7 1.7 8.6 4.6 1.9-2.9 5.1-4.6 8.6-4.6C46.4 15.5 51 20.1 51 26.2c0 8.6-7.5 15.4-19 23.3z"
          fill="var(--on-accent)"
        />
        <path
          d="M18.5 31h7.2l3.3-6.5 5.4 12 3.6-5.5h7.5"
          fill="none"
          stroke="var(--accent)"
          strokeWidth="3.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      HealthSync
    </span>
  );
}
