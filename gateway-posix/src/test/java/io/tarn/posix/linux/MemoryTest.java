package io.tarn.posix.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

final class MemoryTest {
    private static final long BYTES = 1 << 20;
    private static final long FRONT = 132 << 10;

    @Test
    void whatIsKeptResidentIsThereBeforeItWasUsed() {
        try (var untouched = new MappedMemory(BYTES);
                var memory = new MappedMemory(BYTES)) {
            assertThat(untouched.residentBytes(FRONT)).isZero();
            memory.keepResident(FRONT);
            assertThat(memory.residentBytes(FRONT)).isEqualTo(FRONT);
            assertThat(memory.residentBytes(BYTES)).isEqualTo(FRONT);
        }
    }

    @Test
    void sharedMemoryIsTheSameForAllThatMapIt() throws LinuxException {
        try (Descriptor descriptor = SharedMemory.create("test", BYTES)) {
            final SharedMemory first = SharedMemory.map(descriptor, BYTES);
            final SharedMemory later = SharedMemory.map(descriptor, BYTES);
            first.segment().set(ValueLayout.JAVA_LONG, FRONT, 7);
            assertThat(later.segment().get(ValueLayout.JAVA_LONG, FRONT)).isEqualTo(7);
            later.discard(FRONT - 1, BYTES - FRONT + 1);
            assertThat(first.segment().get(ValueLayout.JAVA_LONG, FRONT)).isZero();
        }
    }
}
