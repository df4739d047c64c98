/** Braid's icons: one grid of 16, one stroke of 1.5, round ends. They are decoration: names stand beside them. */

const PATHS = {
  braid: "M3 2c0 5 10 3 10 8M13 2c0 5-10 3-10 8M3 10c0 3 3 2.5 5 4M13 10c0 3-3 2.5-5 4",
  select: "M4 2.5l8.5 5-4 1 2 4-2 1-2-4-2.500 3z",
  box: "M3 4h10v8H3z",
  text: "M3 4V3h10v1M8 3v10M6 13h4",
  span: "M2.500 4v8M13.500 4v8M2.500 8h11",
  rotated_box: "M6.500 2.500l7 5.500-4 5.500-7-5.500z",
  polygon: "M3 5.500l5-3 5.500 4-2 7H4.500zM3 5.500v.1",
  polyline: "M2.500 12.500l3.500-7 4 4 3.500-6.500",
  cut: "M4 2.500l6.500 8M12 2.500l-6.500 8M4.500 10.500a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM11.500 10.500a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  mask: "M13.500 2.500L7.500 8.500M7 8.500c-2 0-2.500 1.500-2.500 2.500S3.500 13 2.500 13c2 1.200 6.500 1 6.500-2.500a2 2 0 0 0-2-2z",
  keypoints: "M8 3.800v4.700M8 5.500L3.500 7.500M8 5.500l4.500 2M8 8.500l-2.500 5M8 8.500l2.500 5M8 2.200v.1",
  cuboid: "M8 1.800l5.500 3v6.400L8 14.200l-5.500-3V4.800zM8 8l5.500-3.200M8 8L2.500 4.800M8 8v6.200",
  link: "M6.500 9.500l3-3M7 4.500l1-1a3.200 3.200 0 0 1 4.500 4.500l-1 1M9 11.500l-1 1A3.200 3.200 0 0 1 3.500 8l1-1",
  suspect: "M8 2.500l6 11H2zM8 6.500v3.500M8 11.900v.1",
  finding: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 5v4M8 11v.1",
  check: "M3 8.500l3.500 3.500L13 4.500",
  close: "M4 4l8 8M12 4l-8 8",
  previous: "M10 3.500L5.500 8l4.500 4.500",
  next: "M6 3.500L10.500 8 6 12.500",
  play: "M5 3v10l8-5z",
  pause: "M5.500 3v10M10.500 3v10",
  search: "M7 2.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9zM10.300 10.300L14 14",
  theme: "M8 2.500a5.500 5.500 0 1 0 0 11zM8 2.500v11",
  keys: "M1.800 4.500h12.400v7H1.800zM4.500 7v.1M7 7v.1M9.500 7v.1M12 7v.1M5 9.500h6",
  trash: "M3 4.500h10M6.500 4.500v-2h3v2M4.500 4.500l.7 9h5.600l.7-9",
  undo: "M5.500 3L2.800 5.800l2.700 2.700M3 5.800h6.500a3.600 3.600 0 0 1 0 7.200H6",
  image: "M2.500 3h11v10h-11zM2.500 11l3.500-4 3 3.500 1.800-1.800 2.700 2.800M10.500 5.800v.1",
  video: "M2 4h8.500v8H2zM10.500 7l3.500-2v6l-3.500-2",
  audio: "M2.500 8h1.500M5.500 5v6M8 2.500v11M10.500 5.500v5M13 7v2",
  point_cloud: "M3 11v.1M5.500 8v.1M8 12v.1M8 5v.1M10.500 9v.1M13 6v.1M5 4v.1M12.500 12v.1M3 7v.1",
  series: "M2 12l3-5 2.500 3L10.500 4 14 9",
  tour: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM10.500 5.500L9 9l-3.500 1.500L7 7z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
