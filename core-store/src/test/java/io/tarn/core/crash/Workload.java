package io.tarn.core.crash;

/** Seeded steps of clients and keepers on one node. The same seed on the same node does the same. */
final class Workload {
    private final Run run;
    private final ObjectSteps objects;
    private final UploadSteps uploads;
    private final FileSteps files;
    private final TogetherSteps together;
    private final UpkeepSteps upkeep;
    private final ReaderSteps readers;
    private long nextSession;
    private boolean changingSession;

    /** @param nextSession sessions from this number on were never used */
    Workload(final Run run, final long nextSession) {
        this.run = run;
        this.objects = new ObjectSteps(run);
        this.uploads = new UploadSteps(run);
        this.files = new FileSteps(run);
        this.together = new TogetherSteps(run);
        this.upkeep = new UpkeepSteps(run);
        this.readers = new ReaderSteps(run);
        this.nextSession = nextSession;
    }

    /** Nothing is being read any more. */
    void closeReaders() {
        readers.close();
    }

    void next() {
        switch (run.below(32)) {
            case 0, 1, 2, 3, 4, 5 -> objects.put();
            case 6, 7 -> objects.copy();
            case 8, 9 -> objects.delete();
            case 10, 11 -> objects.deleteVersion();
            case 12, 13, 14, 15 -> uploads.step();
            case 16 -> files.make();
            case 17, 18 -> files.write();
            case 19 -> files.append();
            case 20 -> files.truncate();
            case 21, 22 -> files.rename();
            case 23, 24 -> together.put();
            case 25 -> upkeep.keep();
            case 26 -> upkeep.idle();
            case 27 -> upkeep.compact();
            case 28 -> upkeep.scrub();
            case 29 -> upkeep.snapshot();
            case 30 -> readers.step();
            default -> changeSession();
        }
    }

    private void changeSession() {
        changingSession = true;
        run.node().openSession(nextSession++);
        changingSession = false;
    }

    /** What a client does that got no answer when it opened its session. */
    void settleSession() {
        if (changingSession) {
            changeSession();
        }
    }
}
