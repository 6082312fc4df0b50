/** What Linux knows of a server process: who listens on a port, CPU time of a process tree, resident memory. */
package io.tarn.bench.process;
