/* How long is left, in words and in colour. */

/** Seconds as a person says them. */
export function inWords(seconds) {
  if (seconds < 100) return `${seconds} 秒`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} 分 ${String(seconds % 60).padStart(2, "0")} 秒` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分`;
}

export function urgency(seconds) {
  if (seconds <= 10) return "bad";
  return seconds <= 30 ? "warn" : "easy";
}
