package io.tarn.core.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LeaderLeaseTest {
    private static final long LEASE = 1_000_000;

    private final AtomicLong now = new AtomicLong(50);
    private final AtomicLong renewals = new AtomicLong();
    private final LeaderLease lease = new LeaderLease("test", LEASE, now::get, renewals::incrementAndGet);

    @Test
    void aNewLeaderAnswersNothingUntilTheFormerLeaseIsOver() {
        lease.elected(3, false);
        assertThat(lease.mayPropose()).isFalse();
        now.addAndGet(LEASE - 1);
        assertThat(lease.mayPropose()).isFalse();
        now.incrementAndGet();
        assertThat(lease.mayPropose()).isTrue();
    }

    @Test
    void aLeaseCountsFromTheProposalAndEndsBeforeASuccessorAnswers() {
        final LeaderLease.Held begun = serving(3);
        now.addAndGet(LEASE - LEASE / 50 - 1);
        assertThat(lease.stillHeld(begun)).isTrue();
        now.incrementAndGet();
        assertThat(lease.stillHeld(begun)).isFalse();
    }

    @Test
    void aReadThatOutlivesItsTermIsNotAnswered() {
        final LeaderLease.Held begun = serving(3);
        lease.lost();
        assertThat(lease.stillHeld(begun)).isFalse();
        serving(5);
        assertThat(lease.stillHeld(begun)).isFalse();
    }

    @Test
    void entriesOfAnotherTermRenewNothing() {
        lease.elected(3, false);
        now.addAndGet(LEASE);
        lease.renew(2, now.get());
        lease.lost();
        lease.renew(3, now.get());
        assertThatThrownBy(lease::begin).hasMessageContaining("not the leader");
    }

    @Test
    void asksForRenewalsOnlyWhileSomebodyReads() {
        serving(3);
        assertThat(lease.wantsRenewal()).isFalse();
        now.addAndGet(LEASE / 2);
        assertThat(lease.wantsRenewal()).isTrue();
        now.addAndGet(LEASE);
        assertThat(lease.wantsRenewal()).isFalse();
    }

    @Test
    void aSoleMemberNeedsNoRenewalsAndReadsOnWithoutItsLog() {
        lease.elected(1, true);
        now.addAndGet(100 * LEASE);
        final LeaderLease.Held begun = lease.begin();
        lease.lost();
        assertThat(lease.mayPropose()).isFalse();
        assertThat(lease.stillHeld(begun)).isTrue();
        assertThat(renewals).hasValue(0);
    }

    @Test
    void aMemberThatJoinsEndsReadingWithoutALease() {
        lease.elected(1, true);
        final LeaderLease.Held begun = lease.begin();
        lease.membersChanged(false);
        assertThat(lease.stillHeld(begun)).isFalse();
    }

    private LeaderLease.Held serving(final long term) {
        lease.elected(term, false);
        now.addAndGet(LEASE);
        lease.renew(term, now.get());
        return lease.begin();
    }
}
