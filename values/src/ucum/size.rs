//! The size of a unit: a factor, and powers of base units.

use rust_decimal::Decimal;

/// Powers of metre, gram, second, radian, kelvin, coulomb, candela, mole and calendar month.
pub(super) type Dimension = [i8; 9];

const MONTH: usize = 8;

/// A unit reduced to base units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) factor: Decimal,
    pub(super) dimension: Dimension,
}

/// The size of a unit that is one, where it has a size.
pub(super) type Measure = Option<Size>;

impl Size {
    pub(super) const ONE: Self = Self { factor: Decimal::ONE, dimension: [0; 9] };

    /// A number that measures nothing.
    pub(super) fn number(factor: impl Into<Decimal>) -> Self {
        Self { factor: factor.into(), dimension: [0; 9] }
    }

    /// A calendar month has no fixed length, so it is a dimension of its own.
    pub(super) fn calendar_months(count: i64) -> Self {
        let mut dimension = [0; 9];
        dimension[MONTH] = 1;
        Self { factor: count.into(), dimension }
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        let mut dimension = self.dimension;
        for (mine, theirs) in dimension.iter_mut().zip(other.dimension) {
            *mine = mine.checked_add(theirs)?;
        }
        Some(Self { factor: self.factor.checked_mul(other.factor)?, dimension })
    }

    pub(super) fn power(self, exponent: i8) -> Option<Self> {
        let mut result = Self::ONE;
        for _ in 0..exponent.unsigned_abs() {
            result = result.times(self)?;
        }
        if exponent < 0 {
            result.factor = Decimal::ONE.checked_div(result.factor)?;
            for power in &mut result.dimension {
                *power = power.checked_neg()?;
            }
        }
        Some(result)
    }
}
