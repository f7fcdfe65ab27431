"""Rows of an imaginary room, one for each way to lie in a project."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from muybridge import db
from muybridge.trust import InColumn, Placed, TenantRow, Through


class Campaign(TenantRow):
    __tablename__ = "test_campaigns"
    scope = InColumn("id")
    id: Mapped[str] = db.id_column("prj")


class Question(TenantRow):
    __tablename__ = "test_questions"
    id: Mapped[str] = db.id_column("tsk")
    project_id: Mapped[str] = mapped_column(ForeignKey("test_campaigns.id"))


class Answer(TenantRow):
    __tablename__ = "test_answers"
    scope = Through("task_id", Question)
    id: Mapped[str] = db.id_column("atm")
    task_id: Mapped[str] = mapped_column(ForeignKey("test_questions.id"))


class Film(TenantRow):
    __tablename__ = "test_films"
    scope = Placed()
    id: Mapped[str] = db.id_column("ast")


class Cut(TenantRow):
    __tablename__ = "test_cuts"
    scope = Through("film_id", Film)
    id: Mapped[str] = db.id_column("sht")
    film_id: Mapped[str] = mapped_column(ForeignKey("test_films.id"))


ALL = (Campaign, Question, Answer, Film, Cut)


def create(database: db.Database) -> None:
    db.Row.metadata.create_all(database.engine, tables=[row.__table__ for row in ALL])  # type: ignore[misc]
