/** The real store with faults put between it and the front end: what a disk or a cluster does too rarely to wait for. */
package io.tarn.s3.fault;
