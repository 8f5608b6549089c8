/** A time in seconds as it is shown: minutes and seconds, 1:05. */
export function minutes(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
