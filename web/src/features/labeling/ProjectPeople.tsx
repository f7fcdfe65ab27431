import { useInfiniteQuery } from "@tanstack/react-query";
import { grantsQuery, membersQuery } from "@/api/trust";
import { More } from "@/design/More";
import { Problem } from "@/design/Problem";
import { GrantRow } from "./GrantRow";
import { NewGrant } from "./NewGrant";

/** Who works on a project: annotators, reviewers and creators see only the projects that they are given. */
export function ProjectPeople({ projectId }: { readonly projectId: string }) {
  const grants = useInfiniteQuery(grantsQuery(projectId));
  const members = useInfiniteQuery(membersQuery);
  const known = members.data ?? [];
  const isGranted = new Set(grants.data?.map(({ actor_id }) => actor_id));
  return (
    <section className="panel">
      <header>
        <h2>People</h2>
        <span className="quiet">annotators, reviewers and creators see the projects that they are given</span>
      </header>
      {grants.isError && <Problem error={grants.error} />}
      <ul className="grant-list">
        {grants.data?.map((grant) => (
          <GrantRow
            key={grant.id}
            grant={grant}
            name={known.find(({ id }) => id === grant.actor_id)?.name ?? null}
          />
        ))}
      </ul>
      <More list={grants}>More people</More>
      <div className="panel-body">
        <NewGrant projectId={projectId} members={known.filter(({ id }) => !isGranted.has(id))} />
      </div>
    </section>
  );
}
