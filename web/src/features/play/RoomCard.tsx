import { classNames } from "@/design/class-names";
import type { Room } from "./rooms";

type Props = {
  readonly room: Room;
  /** Whether the checkpoint was shown such scenes; null while that is not known. */
  readonly isFamiliar: boolean | null;
  readonly isDisabled: boolean;
  readonly onPlay: () => void;
};

/** A way into a room: its own first scene, moving. */
export function RoomCard({ room, isFamiliar, isDisabled, onPlay }: Props) {
  return (
    <button
      type="button"
      className={classNames("room-card", room.isPlain && "plain")}
      data-room={room.id}
      disabled={isDisabled}
      onClick={onPlay}
    >
      <span className="room-picture" style={{ backgroundImage: `url(${room.strip})` }} />
      <span className="room-words">
        <b>
          <span className="visually-hidden">Play </span>
          {room.name}
        </b>
        <span>{room.about}</span>
      </span>
      {isFamiliar === false && (
        <span className="room-mark" title="No recipe of a finished checkpoint shows such scenes.">
          new to it
        </span>
      )}
    </button>
  );
}
