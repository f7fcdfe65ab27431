import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { boxTrackFrom, firstFrame, lastFrame } from "@/annotate/shapes/box-track";
import { shotsQuery } from "@/api/catalog";
import { assetProposalsQuery, projectsQuery } from "@/api/labeling";
import { classesFrom } from "@/api/ontology";
import type { Asset, Proposal, Shot } from "@/api/types";
import { classColour } from "@/design/class-colour";
import type { Lane, LaneSpan } from "@/timeline/lanes";

/** What the timeline of an asset shows: its shots, what trackers offer, and the tracks that people accepted. */
export function useAssetLanes(asset: Asset): readonly Lane[] {
  const shots = useQuery({ ...shotsQuery(asset.id), enabled: asset.is_ready });
  const projects = useInfiniteQuery({ ...projectsQuery, enabled: asset.is_ready });
  const proposals = useQueries({
    queries: (projects.data ?? []).map((project) => assetProposalsQuery(project.id, asset.id)),
    combine: (results) => results.flatMap((result) => result.data ?? []),
  });
  return useMemo(() => {
    const classNames = new Map(
      projects.data?.map(({ id, ontology }) => [
        id,
        classesFrom(ontology?.classes ?? []).map(({ name }) => name),
      ]),
    );
    const trackSpan = (proposal: Proposal) => spanOf(proposal, classNames.get(proposal.project_id) ?? []);
    const open = proposals.filter((proposal) => proposal.state === "open");
    const agreed = proposals.filter(
      (proposal) => proposal.state === "accepted" || proposal.state === "adjusted",
    );
    const lanes: Lane[] = [{ name: "Shots", spans: (shots.data ?? []).map(shotSpan) }];
    if (open.length > 0) lanes.push({ name: "Proposals", spans: open.flatMap(trackSpan) });
    if (agreed.length > 0) lanes.push({ name: "Tracks", spans: agreed.flatMap(trackSpan) });
    return lanes;
  }, [shots.data, projects.data, proposals]);
}

function shotSpan(shot: Shot): LaneSpan {
  return {
    id: shot.id,
    start: shot.start_frame,
    end: shot.end_frame,
    label: `Shot ${shot.number}`,
    colour: shot.number % 2 === 0 ? "--class-1" : "--class-0",
  };
}

function spanOf(proposal: Proposal, classNames: readonly string[]): LaneSpan[] {
  const track = boxTrackFrom(proposal.value);
  if (track === null) return [];
  return [
    {
      id: proposal.id,
      start: firstFrame(track),
      end: lastFrame(track) + 1,
      label: track.class_name,
      colour: classColour(track.class_name, classNames),
      isTentative: proposal.state === "open",
      keyframes: track.keyframes.map((keyframe) => keyframe.frame),
    },
  ];
}
