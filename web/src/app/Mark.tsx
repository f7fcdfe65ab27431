/** The studio's mark: three frames of something in motion. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 26 22"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      aria-hidden="true"
    >
      <rect x="1" y="2" width="6.6" height="18" rx="1.8" opacity=".4" />
      <rect x="9.7" y="2" width="6.6" height="18" rx="1.8" opacity=".65" />
      <rect x="18.4" y="2" width="6.6" height="18" rx="1.8" />
      <g fill="currentColor" stroke="none">
        <circle cx="4.3" cy="14.6" r="1.7" opacity=".5" />
        <circle cx="13" cy="7.4" r="1.7" opacity=".75" />
        <circle cx="21.7" cy="12" r="1.7" />
      </g>
    </svg>
  );
}
