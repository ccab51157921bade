//! Numbers that were measured, told by their middle and their spread. Never a mean: one slow moment of the machine would
//! move it.

/// The median of some measurements with the quartiles around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Half of the measurements are below.
    pub median: f64,
    /// A quarter is below.
    pub low: f64,
    /// A quarter is above.
    pub high: f64,
    /// How many there were.
    pub count: usize,
}

impl Summary {
    /// Of at least one measurement.
    pub fn of(samples: &[f64]) -> Self {
        assert!(!samples.is_empty(), "nothing was measured");
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self {
            median: quantile(&sorted, 0.5),
            low: quantile(&sorted, 0.25),
            high: quantile(&sorted, 0.75),
            count: sorted.len(),
        }
    }
}

/// The value below which this part of the sorted measurements lies, straight between two neighbours.
pub fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * (place - place.floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        let summary = Summary::of(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!(summary, Summary { median: 2.5, low: 1.75, high: 3.25, count: 4 });
    }

    #[test]
    fn one_measurement_is_its_own_middle() {
        assert_eq!(Summary::of(&[7.0]), Summary { median: 7.0, low: 7.0, high: 7.0, count: 1 });
    }

    #[test]
    fn a_high_quantile_is_near_the_end() {
        let sorted: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!(quantile(&sorted, 0.99), 99.0);
        assert_eq!(quantile(&sorted, 1.0), 100.0);
    }
}
