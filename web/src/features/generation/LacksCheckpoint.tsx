import { Link } from "@tanstack/react-router";

/** Said where an engine needs weights and there are none yet. */
export function LacksCheckpoint() {
  return (
    <p className="quiet">
      There is no checkpoint yet.{" "}
      <Link className="link underlined" to="/runs">
        Start a run
      </Link>{" "}
      first, or run <code>muybridge demo</code>, which brings the one that comes with Muybridge.
    </p>
  );
}
