import { setRate, useGame } from "./game";

/** As fast as the machine can: the protocol's highest rate. */
const FASTEST = 60;

/** How fast time runs, beside the room's own rate. */
export function RateSelect({ own }: { readonly own: number }) {
  const fps = useGame((game) => game.fps);
  const rates = [
    { rate: own / 2, name: "Half speed" },
    { rate: own, name: "Its own speed" },
    { rate: own * 2, name: "Double speed" },
    { rate: FASTEST, name: "As fast as it goes" },
  ].filter(({ rate }) => rate >= 0.5 && rate <= FASTEST);
  return (
    <select
      className="input compact"
      aria-label="Speed"
      value={fps}
      onChange={(event) => {
        setRate(Number(event.target.value));
        // Given back to the game, so that keys steer again.
        event.target.blur();
      }}
    >
      {rates.map(({ rate, name }) => (
        <option key={name} value={rate}>
          {name}
        </option>
      ))}
    </select>
  );
}
