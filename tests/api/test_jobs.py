from fastapi.testclient import TestClient

from muybridge import jobs, trust
from muybridge.jobs import leases
from muybridge.jobs.leases import Held

from .conftest import Site


def enqueue(site: Site, actor: trust.Actor) -> str:
    with site.database.write() as session:
        return jobs.enqueue(session, actor, "test.work", actor.tenant_id).id


def test_jobs_are_listed_newest_first_and_by_state(site: Site, ours: TestClient) -> None:
    first, second = enqueue(site, site.owner), enqueue(site, site.owner)
    enqueue(site, site.stranger)
    assert [job["id"] for job in ours.get("/v1/jobs").json()["items"]] == [second, first]
    leases.claim(site.database, "w", ["test.work"])
    running = ours.get("/v1/jobs", params={"state": "running"}).json()
    assert [(job["id"], job["state"], job["attempts"]) for job in running["items"]] == [(first, "running", 1)]
    page = ours.get("/v1/jobs", params={"limit": 1}).json()
    rest = ours.get("/v1/jobs", params={"limit": 1, "cursor": page["next_cursor"]}).json()
    assert [job["id"] for job in page["items"] + rest["items"]] == [second, first]
    assert ours.get("/v1/jobs", params={"subject_id": site.owner.tenant_id}).json()["next_cursor"] is None


def test_a_job_tells_its_story(site: Site, ours: TestClient) -> None:
    job_id = enqueue(site, site.owner)
    (job,) = leases.claim(site.database, "w", ["test.work"])
    failure = {"code": "jobs.defect", "detail": "It broke.", "remedy": "Mend it.", "traceback": "…"}
    with site.database.write() as session:
        leases.retry(session, Held(job.id, job.lease), failure, after_s=60)
    told = ours.get(f"/v1/jobs/{job_id}").json()
    assert (told["state"], told["failure"]) == (
        "queued",
        {"code": "jobs.defect", "detail": "It broke.", "remedy": "Mend it."},
    )
    assert [(event["kind"], event["lease"]) for event in told["events"]] == [
        ("enqueued", 0),
        ("claimed", 1),
        ("retried", 1),
    ]
    assert told["run_after"] is not None


def test_a_job_is_cancelled_once(site: Site, ours: TestClient) -> None:
    job_id = enqueue(site, site.owner)
    assert ours.post(f"/v1/jobs/{job_id}/cancel").json()["state"] == "cancelled"
    again = ours.post(f"/v1/jobs/{job_id}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "jobs.already_finished")


def test_another_tenants_job_does_not_exist(site: Site, ours: TestClient) -> None:
    job_id = enqueue(site, site.stranger)
    for answer in (ours.get(f"/v1/jobs/{job_id}"), ours.post(f"/v1/jobs/{job_id}/cancel")):
        assert (answer.status_code, answer.json()["detail"]) == (404, f"There is no job {job_id}.")


def test_a_viewer_reads_jobs_but_cancels_none(site: Site) -> None:
    job_id = enqueue(site, site.owner)
    viewer = site.a_client(site.a_key(site.owner, trust.Role.VIEWER))
    assert viewer.get(f"/v1/jobs/{job_id}").status_code == 200
    assert viewer.post(f"/v1/jobs/{job_id}/cancel").status_code == 403
