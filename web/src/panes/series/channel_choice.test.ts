import { describe, expect, it } from "vitest";
import { rememberChannels, rememberedChannels, usefulChannels } from "./channel_choice";

const named = (...names: string[]) =>
  names.map((text) => {
    const [name = "", unit = ""] = text.split("|");
    return { name, unit };
  });

describe("which channels are drawn", () => {
  it("leaves bookkeeping out and keeps to two units", () => {
    const imu = named("header.seq", "orientation.x", "gyro.x|rad/s", "acc.x|m/s²", "gyro.y|rad/s", "covariance.0");
    expect(usefulChannels(imu)).toEqual([1, 2, 4]);
  });

  it("takes six at most, and bookkeeping when there is nothing else", () => {
    expect(usefulChannels(named("a", "b", "c", "d", "e", "f", "g"))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(usefulChannels(named("seq", "status"))).toEqual([0, 1]);
  });

  it("remembers by stream and by name", () => {
    const kept = new Map<string, string>();
    const shelf = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (k: string, v: string) => void kept.set(k, v),
    };
    const channels = named("a", "b", "c");
    expect(rememberedChannels("imu", channels, shelf)).toBeNull();
    rememberChannels("imu", channels, [0, 2], shelf);
    expect(rememberedChannels("imu", named("c", "a", "d"), shelf)).toEqual([0, 1]);
    expect(rememberedChannels("imu", named("d"), shelf)).toBeNull();
    expect(rememberedChannels("gps", channels, shelf)).toBeNull();
  });
});
